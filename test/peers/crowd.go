package main

import (
	"fmt"
	"math/rand/v2"
)

// crowd is who is in the databases: contacts, visitors to convert, and after them regulars, who stay visitors. All of one
// follows from its number.
type crowd struct{ contacts, visitors int }

const regulars = 1000

// anyRegular returns the anonymous id of a visitor who is never converted.
func (c crowd) anyRegular() string { return anonymousID(c.visitors + rand.IntN(regulars)) }

// anybody returns the number of a contact.
func (c crowd) anybody() int { return rand.IntN(c.contacts) }

const firstSecond = 1_750_000_000

func contactID(n int) string { return fmt.Sprintf("%08x5eed5eed5e%06x", firstSecond+n, n) }

func email(n int) string { return fmt.Sprintf("contact-%d@mail.example", n) }

func name(n int) string { return fmt.Sprintf("Person %d", n*7919%100_003) }

func seats(n int) int { return n * 17 % 500 }

// moreThan is the bound that half of the contacts pass.
const moreThan = 249

func plan(n int) string { return []string{"free", "pro", "team", "trial", "business"}[n*31%5] }

func anonymousID(n int) string { return fmt.Sprintf("visitor-%d", n) }
