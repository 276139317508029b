package messenger

import (
	"sync"
	"time"
)

// memory keeps answers for a while. Strangers choose the keys, so it holds a limited number of them, and forgets all
// when there are more.
type memory[K comparable, V any] struct {
	life time.Duration
	most int

	mu      sync.Mutex
	answers map[K]remembered[V]
}

type remembered[V any] struct {
	value V
	until time.Time
}

func newMemory[K comparable, V any](life time.Duration, most int) *memory[K, V] {
	return &memory[K, V]{life: life, most: most, answers: map[K]remembered[V]{}}
}

// get answers what it remembers, or asks. It does not remember an error.
func (m *memory[K, V]) get(key K, ask func() (V, error)) (V, error) {
	now := time.Now()
	m.mu.Lock()
	known, ok := m.answers[key]
	m.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.value, nil
	}
	value, err := ask()
	if err != nil {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.answers) >= m.most {
		clear(m.answers)
	}
	m.answers[key] = remembered[V]{value, now.Add(m.life)}
	return value, nil
}
