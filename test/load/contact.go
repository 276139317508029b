package main

import (
	"fmt"
	"strconv"
)

// contact is one of the contacts that a database of nothing else has. All that is stored about it follows from the
// number.
type contact int

func (n contact) createdAt() int64   { return firstSecond + int64(n) }
func (n contact) id() string         { return fmt.Sprintf("%08x%s%06x", n.createdAt(), "5eed5eed60", int(n)) }
func (n contact) externalID() string { return "customer-" + strconv.Itoa(int(n)) }
func (n contact) email() string      { return "contact-" + strconv.Itoa(int(n)) + "@mail.example" }
func (n contact) name() string       { return "Grace " + strconv.Itoa(int(n)) }

// plans is how many plans there are; a search for one finds as many contacts as go into it.
const plans = 1000

func plan(n int) string { return "plan " + strconv.Itoa(n%plans) }

// attributes are the custom attributes, in JSON.
func (n contact) attributes() string {
	return fmt.Sprintf(`{"beta":%t,"plan":%q,"score":%g,"seats":%d,"town":"Town %d"}`,
		n%50 == 0, plan(int(n)), float64(n*13%1000)/8, n*17%500, n*7919%5000)
}

// tags is how many tags there are to put on contacts.
const tags = 100

// pageSize is how many contacts a list or a search answers at once.
const pageSize = 50
