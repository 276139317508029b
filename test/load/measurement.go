package main

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// measurement is what one process, and its database, did for its callers in one window of time.
type measurement struct {
	Calls    int
	Seconds  float64
	CPU      float64 // seconds, of all threads of the processes that answered
	P50, P99 float64 // seconds that a caller waited
	Memory   float64 // megabytes of the process, not of its database, in the end
}

func (m measurement) rate() float64 { return float64(m.Calls) / m.Seconds }

// cost is CPU time a call, in microseconds.
func (m measurement) cost() float64 { return m.CPU / float64(m.Calls) * 1e6 }

// errSpent says that there is nothing left to call with. It ends a window before its time.
var errSpent = errors.New("no fresh visitors are left")

// load is a number of callers, each of which calls again as soon as it is answered.
type load struct {
	callers int
	window  time.Duration
	pids    []int // of the processes that answer
}

// patience is how long one may wait for a single answer: on a busy machine a short window passes without any.
const patience = 10 * time.Second

// called is one finished call: when it was answered, since the start, and how long that took.
type called struct{ at, took time.Duration }

// run lets everybody call for a tenth of the window unobserved, and then measures.
func (l load) run(call func(caller int) error) (measurement, error) {
	var over atomic.Bool
	var answered atomic.Int64
	var callers sync.WaitGroup
	ended := make(chan error, l.callers)
	calls := make([][]called, l.callers)
	start := time.Now()
	for i := range l.callers {
		callers.Go(func() {
			for !over.Load() {
				begin := time.Now()
				if err := call(i); err != nil {
					ended <- err
					return
				}
				calls[i] = append(calls[i], called{time.Since(start), time.Since(begin)})
				answered.Add(1)
			}
		})
	}
	m, from, to, err := l.watch(start, ended, &answered)
	over.Store(true)
	callers.Wait()
	if err != nil {
		return m, err
	}
	close(ended)
	for err := range ended {
		if !errors.Is(err, errSpent) {
			return m, err
		}
	}
	return m.count(slices.Concat(calls...), from, to)
}

// watch waits until the window is over and measures the process meanwhile. It answers when the window began and ended.
func (l load) watch(start time.Time, ended <-chan error, answered *atomic.Int64) (m measurement, from, to time.Duration, err error) {
	wait := func(d time.Duration) error {
		select {
		case err := <-ended:
			if errors.Is(err, errSpent) {
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
	for waited := time.Duration(0); waited < max(patience, l.window); waited += l.window {
		if err = wait(l.window); err != nil {
			return m, 0, 0, err
		}
		if answered.Load() > unobserved {
			break
		}
	}
	to = time.Since(start)
	after, err := cpuSeconds(l.pids)
	if err != nil {
		return m, 0, 0, err
	}
	m.CPU = after - before
	m.Seconds = (to - from).Seconds()
	m.Memory, err = memoryMB(l.pids[0])
	return m, from, to, err
}

// count adds the calls that were answered within the window.
func (m measurement) count(calls []called, from, to time.Duration) (measurement, error) {
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
