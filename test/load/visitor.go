package main

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"sync/atomic"
)

// dataset describes the people in the database: visitors with the numbers 0 to visitors-1, and a tenth as many users. All
// data of a person is computed from its number, so that callers look nothing up under load.
type dataset struct{ visitors int }

func (c dataset) users() int { return c.visitors / 10 }

// Every fourth visitor is permanent: it is requested again and again, and never converted. The others are fresh and can
// be converted once. So both kinds are spread over the whole database.
func (c dataset) permanent() int { return c.visitors / 4 }

func (c dataset) fresh() int { return c.visitors / 4 * 3 }

func (dataset) permanentVisitor(n int) visitor { return visitor(n * 4) }

// familiar is the number of permanent visitors, the first ones, that have a session when the measurements begin. All
// others were last seen long ago.
const familiar = 200

// returning returns the n-th permanent visitor that has no session.
func (c dataset) returning(n int) visitor { return c.permanentVisitor(familiar + n) }

// freshVisitor returns a fresh visitor, far from those of neighbouring numbers. The stride is a prime above every number
// of people.
func (c dataset) freshVisitor(n int) visitor {
	const stride = 2_654_435_761
	n = n * stride % c.fresh()
	return visitor(n/3*4 + n%3 + 1)
}

// newcomer returns a visitor that is not in the database yet.
func (c dataset) newcomer(serial int64) visitor { return visitor(c.visitors + int(serial)) }

// supply says which visitors the requests of a scenario are about.
type supply int

// The supplies. Of those that are used up, each request takes a visitor that no other has taken.
const (
	permanent supply = iota // any permanent visitor
	known                   // any visitor with a session
	returning               // a permanent visitor without a session, which is used up
	fresh                   // a visitor that can be converted, which is used up
)

// usedUp returns how many visitors a supply has that is used up; 0 for another.
func (c dataset) usedUp(from supply) int {
	switch from {
	case returning:
		return c.permanent() - familiar
	case fresh:
		return c.fresh()
	}
	return 0
}

// share is the part of a supply that one measurement may use up.
type share struct {
	next atomic.Int64
	end  int64
}

// newShare divides a number of visitors into equal parts and returns one of them.
func newShare(visitors, part, parts int) *share {
	size := int64(visitors / max(parts, 1))
	s := &share{end: size * int64(part+1)}
	s.next.Store(size * int64(part))
	return s
}

func (s *share) take() (int, error) {
	n := s.next.Add(1) - 1
	if n >= s.end {
		return 0, errNoFreshVisitors
	}
	return int(n), nil
}

// visitor is the number of a visitor.
type visitor int

// firstSecond is when the first visitor was created; each of the others was created one second after the one before.
const firstSecond = 1_750_000_000

func (v visitor) createdAt() int64 { return firstSecond + int64(v) }

// id returns an id in the server's form: time, process, counter.
func (v visitor) id() string { return fmt.Sprintf("%08x%s%06x", v.createdAt(), "5eed5eed5e", int(v)) }

// appendUUID appends the visitor's anonymous id, which is distributed like a random one.
func (v visitor) appendUUID(b []byte) []byte {
	high, low := mix(uint64(v)*2), mix(uint64(v)*2+1)
	high = high&^0xf000 | 0x4000
	low = low&^(3<<62) | 1<<63
	var raw [16]byte
	for i := range 8 {
		raw[i], raw[8+i] = byte(high>>(56-8*i)), byte(low>>(56-8*i))
	}
	b = hex.AppendEncode(b, raw[:4])
	for _, part := range [][]byte{raw[4:6], raw[6:8], raw[8:10], raw[10:]} {
		b = hex.AppendEncode(append(b, '-'), part)
	}
	return b
}

// mix is the output function of SplitMix64, which maps different numbers to different numbers.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// appendEmail appends an address that no user has before the visitor is converted.
func (v visitor) appendEmail(b []byte) []byte {
	return append(strconv.AppendInt(append(b, "visitor-"...), int64(v), 10), "@mail.example"...)
}

// user is the number of a user.
type user int

func (u user) id() string { return fmt.Sprintf("%08x%s%06x", firstSecond-1, "5eed5eed5f", int(u)) }

func (u user) appendEmail(b []byte) []byte {
	return append(strconv.AppendInt(append(b, "user-"...), int64(u), 10), "@mail.example"...)
}
