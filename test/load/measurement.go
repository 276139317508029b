package main

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// measurement has the results of one process and its database in one window of time.
type measurement struct {
	Calls    int
	Seconds  float64
	CPU      float64 // seconds, of all threads of the process and its database
	P50, P99 float64 // latency in seconds
	Memory   float64 // megabytes of the process, without its database, at the end
}

func (m measurement) rate() float64 { return float64(m.Calls) / m.Seconds }

// cost returns the CPU time per call, in microseconds.
func (m measurement) cost() float64 { return m.CPU / float64(m.Calls) * 1e6 }

// errNoFreshVisitors ends a window early, because all fresh visitors of the measurement are used up.
var errNoFreshVisitors = errors.New("no fresh visitors are left")

// load is a number of callers, each of which calls again as soon as its last call has returned.
type load struct {
	callers int
	window  time.Duration
	pids    []int // of the process that is measured and of its database; 0 for none
}

// maxWait is the max time to wait for the first call and for minCPU: on a busy machine, a short window may pass without any.
const maxWait = 10 * time.Second

// minCPU is the CPU time, in seconds, that a measurement needs: it is counted in hundredths of a second.
const minCPU = 0.1

// finishedCall has the time when a call returned, since the start, and its duration.
type finishedCall struct{ at, took time.Duration }

// run warms up for a tenth of the window, and then measures.
func (l load) run(call func(caller int) error) (measurement, error) {
	var over atomic.Bool
	var answered atomic.Int64
	var callers sync.WaitGroup
	ended := make(chan error, l.callers)
	calls := make([][]finishedCall, l.callers)
	start := time.Now()
	for i := range l.callers {
		callers.Go(func() {
			for !over.Load() {
				begin := time.Now()
				if err := call(i); err != nil {
					ended <- err
					return
				}
				calls[i] = append(calls[i], finishedCall{time.Since(start), time.Since(begin)})
				answered.Add(1)
			}
		})
	}
	m, from, to, err := l.observe(start, ended, &answered)
	over.Store(true)
	callers.Wait()
	if err != nil {
		return m, err
	}
	close(ended)
	for err := range ended {
		if !errors.Is(err, errNoFreshVisitors) {
			return m, err
		}
	}
	return m.count(slices.Concat(calls...), from, to)
}

// observe measures the processes during the window. It returns the times, since start, when the window began and ended.
func (l load) observe(start time.Time, ended <-chan error, answered *atomic.Int64) (m measurement, from, to time.Duration, err error) {
	isOver := false // because a caller has no fresh visitor any more
	wait := func(d time.Duration) error {
		select {
		case err := <-ended:
			if isOver = errors.Is(err, errNoFreshVisitors); isOver {
				return nil
			}
			return err
		case <-time.After(d):
			return nil
		}
	}
	if err = wait(l.window / 10); err != nil {
		return m, 0, 0, err
	}
	from = time.Since(start)
	before, err := cpuSeconds(l.pids)
	if err != nil {
		return m, 0, 0, err
	}
	unobserved := answered.Load()
	for waited := l.window; ; waited += l.window {
		if err = wait(l.window); err != nil {
			return m, 0, 0, err
		}
		to = time.Since(start)
		after, err := cpuSeconds(l.pids)
		if err != nil {
			return m, 0, 0, err
		}
		m.CPU = after - before
		if isEnough := m.CPU >= minCPU && answered.Load() > unobserved; isEnough || isOver || waited >= maxWait {
			break
		}
	}
	m.Seconds = (to - from).Seconds()
	m.Memory, err = memoryMB(l.pids[0])
	return m, from, to, err
}

// count returns m with the number and the latencies of the calls that returned within the window.
func (m measurement) count(calls []finishedCall, from, to time.Duration) (measurement, error) {
	var took []time.Duration
	for _, c := range calls {
		if c.at >= from && c.at <= to {
			took = append(took, c.took)
		}
	}
	if len(took) == 0 {
		return m, fmt.Errorf("nothing was answered in %v", to-from)
	}
	slices.Sort(took)
	m.Calls = len(took)
	m.P50 = took[len(took)/2].Seconds()
	m.P99 = took[len(took)*99/100].Seconds()
	return m, nil
}
