package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a program that was started: the server or a baseline.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(ctx context.Context, program string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &process{cmd, in, bufio.NewReader(out)}, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// address waits for the line in which the process says where it listens, and returns host and port. Later output of the
// server fits into the pipe.
func (p *process) address() (string, error) {
	line, err := p.out.ReadString('\n')
	_, address, found := strings.Cut(strings.TrimSpace(line), "listening on http://")
	if err == nil && !found {
		err = fmt.Errorf("%s said %q instead of its address", p.cmd.Path, line)
	}
	return address, err
}

// stop ends a process and waits until it is gone.
func (p *process) stop() error {
	p.in.Close()                          //nolint:errcheck // baselines end with their input
	p.cmd.Process.Signal(syscall.SIGTERM) //nolint:errcheck // Wait says what became of it
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w", p.cmd.Path, err)
	}
	return nil
}

// maxRest is the CPU time, in seconds, that a process at rest uses in restTime. It must be at rest restSpans times in a row: on a
// busy machine it may get no CPU time for a while.
const (
	restTime  = 300 * time.Millisecond
	restSpans = 8
	maxRest   = 0.02
)

// rest waits until a process has done what it does in the background after its start. It gives up after a long time.
func (p *process) rest() error {
	before, err := cpuSeconds([]int{p.pid()})
	spans := 0
	for end := time.Now().Add(20 * time.Minute); err == nil && spans < restSpans && time.Now().Before(end); spans++ {
		time.Sleep(restTime)
		var after float64
		if after, err = cpuSeconds([]int{p.pid()}); after-before > maxRest {
			spans = -1
		}
		before = after
	}
	return err
}

// ticks is the number of clock ticks per second in which Linux counts CPU time, on every machine.
const ticks = 100

// cpuSeconds returns the user and system CPU time of processes and their children: PostgreSQL has a child for every
// connection. The pid 0 stands for no process.
func cpuSeconds(pids []int) (seconds float64, err error) {
	for _, pid := range pids {
		if pid == 0 {
			continue
		}
		family := []int{pid}
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
		if err != nil {
			return 0, err
		}
		for field := range strings.FieldsSeq(string(children)) {
			child, err := strconv.Atoi(field)
			if err != nil {
				return 0, err
			}
			family = append(family, child)
		}
		for _, member := range family {
			used, err := cpuOf(member)
			if err != nil && !(errors.Is(err, fs.ErrNotExist) && member != pid) { // a child may end at any time
				return 0, err
			}
			seconds += used
		}
	}
	return seconds, nil
}

func cpuOf(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The name of the program comes second, in brackets, and may hold anything.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		return 0, err
	}
	return float64(user+system) / ticks, nil
}

// memoryMB returns the resident memory of a process in megabytes.
func memoryMB(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	var kilobytes float64
	_, err = fmt.Sscan(rest, &kilobytes)
	return kilobytes / 1024, err
}
