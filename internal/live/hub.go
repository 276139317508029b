// Package live tells open pages that something of a workspace has changed, so that they look again.
// The fronts subscribe for their streams; app tells of what is committed, and has the outbox followed where other servers
// write, too. What has changed is not told: a page reads it under its own rights.
// It must not know what is shown in a page, or how it gets there.
package live

import (
	"errors"
	"sync"

	"lobby/internal/workspace"
)

// ErrTooMany refuses a subscription, because there are too many.
var ErrTooMany = errors.New("too many pages wait for changes")

// Limits are the max numbers of subscriptions at once: of all, of one workspace, and of one client.
type Limits struct{ All, Workspace, Client int }

// Topic is what a subscription waits for: something in a workspace, by a key such as [PersonKey] or [SubjectKey].
type Topic struct {
	Workspace workspace.ID
	Key       string
}

// Hub wakes the subscriptions of topics. It keeps nothing but one bit for each subscription, so one that is slow costs no
// more than one that is fast. It is safe for concurrent use.
type Hub struct {
	limits Limits
	closed chan struct{}

	mu      sync.Mutex
	waiting map[Topic]map[*Subscription]bool
	all     map[*Subscription]bool
	of      map[workspace.ID]int
	from    map[string]int
	cursors map[workspace.ID]int64 // how far [Hub.Follow] has read, of those workspaces that have subscriptions
}

// New returns a hub without subscriptions.
func New(limits Limits) *Hub {
	return &Hub{
		limits: limits, closed: make(chan struct{}), waiting: map[Topic]map[*Subscription]bool{}, all: map[*Subscription]bool{},
		of: map[workspace.ID]int{}, from: map[string]int{}, cursors: map[workspace.ID]int64{},
	}
}

// Subscription is one page that waits.
type Subscription struct {
	hub       *Hub
	workspace workspace.ID
	client    string
	changed   chan struct{}
	topics    []Topic
}

// Subscribe adds a subscription of a client, which is any name that tells clients apart. It waits for nothing until
// [Subscription.Watch]; [Subscription.End] must be called in the end. Errors: ErrTooMany.
func (h *Hub) Subscribe(ws workspace.ID, client string) (*Subscription, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.all) >= h.limits.All || h.of[ws] >= h.limits.Workspace || h.from[client] >= h.limits.Client {
		return nil, ErrTooMany
	}
	s := &Subscription{hub: h, workspace: ws, client: client, changed: make(chan struct{}, 1)}
	h.all[s] = true
	h.of[ws]++
	h.from[client]++
	return s, nil
}

// Watch sets the keys that the subscription waits for, instead of those before. Who calls it and then reads misses nothing.
func (s *Subscription) Watch(keys ...string) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.leave()
	for _, key := range keys {
		topic := Topic{s.workspace, key}
		if s.hub.waiting[topic] == nil {
			s.hub.waiting[topic] = map[*Subscription]bool{}
		}
		s.hub.waiting[topic][s] = true
		s.topics = append(s.topics, topic)
	}
}

// leave stops the wait for all topics. The lock must be held.
func (s *Subscription) leave() {
	for _, topic := range s.topics {
		delete(s.hub.waiting[topic], s)
		if len(s.hub.waiting[topic]) == 0 {
			delete(s.hub.waiting, topic)
		}
	}
	s.topics = nil
}

// Changed returns the channel that gets a value after changes; any number of changes is one value.
func (s *Subscription) Changed() <-chan struct{} { return s.changed }

// End removes the subscription. It may be called again.
func (s *Subscription) End() {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.all[s] {
		return
	}
	s.leave()
	delete(h.all, s)
	if h.of[s.workspace]--; h.of[s.workspace] == 0 {
		delete(h.of, s.workspace)
		delete(h.cursors, s.workspace)
	}
	if h.from[s.client]--; h.from[s.client] == 0 {
		delete(h.from, s.client)
	}
}

// Tell wakes all who wait for a topic.
func (h *Hub) Tell(topics ...Topic) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, topic := range topics {
		for s := range h.waiting[topic] {
			s.wake()
		}
	}
}

// VisitsKey is the key of who is on the sites of a workspace.
const VisitsKey = "visits"

// TellAll wakes all who wait for a key, in any workspace.
func (h *Hub) TellAll(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for topic, all := range h.waiting {
		for s := range all {
			if topic.Key == key {
				s.wake()
			}
		}
	}
}

func (s *Subscription) wake() {
	select {
	case s.changed <- struct{}{}:
	default: // it has a change to look for already
	}
}

// Closed returns the channel that is closed by Close.
func (h *Hub) Closed() <-chan struct{} { return h.closed }

// Close tells all subscriptions to end. It must be called once.
func (h *Hub) Close() { close(h.closed) }

// Open returns how many subscriptions there are.
func (h *Hub) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.all)
}
