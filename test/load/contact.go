package main

import (
	"fmt"
	"strconv"
)

// contact is the number of a contact. All data of the contact is computed from it.
type contact int

func (n contact) createdAt() int64   { return firstSecond + int64(n) }
func (n contact) id() string         { return fmt.Sprintf("%08x%s%06x", n.createdAt(), "5eed5eed60", int(n)) }
func (n contact) externalID() string { return "customer-" + strconv.Itoa(int(n)) }
func (n contact) email() string      { return "contact-" + strconv.Itoa(int(n)) + "@mail.example" }
func (n contact) name() string       { return "Grace " + strconv.Itoa(int(n)) }

// plans is the number of plans. A search by plan finds one contact of every so many.
const plans = 1000

func plan(n int) string { return "plan " + strconv.Itoa(n%plans) }

// attributes returns the custom attributes as JSON.
func (n contact) attributes() string {
	return fmt.Sprintf(`{"beta":%t,"plan":%q,"score":%g,"seats":%d,"town":"Town %d"}`,
		n%50 == 0, plan(int(n)), float64(n*13%1000)/8, n*17%500, n*7919%5000)
}

// halfSeats is the number of seats that half of the contacts exceed.
const halfSeats = 249

// partOfName returns a text in the name of a contact, and of a few in a hundred others.
func partOfName(n contact) string { return fmt.Sprintf("%02d", n%100) }

// tags is the number of tags in the workspace.
const tags = 100

// pageSize is the number of contacts that a list or a search returns.
const pageSize = 50
