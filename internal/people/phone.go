package people

// SamePhone reports whether two people have one phone number, however each of them spells it. Numbers without their
// country are compared as they were sent; without a number nobody is the same.
func (l *Lobby) SamePhone(p, q *Person) bool {
	if p.Phone == "" || q.Phone == "" {
		return false
	}
	number := l.E164(p.Phone)
	return p.Phone == q.Phone || number != "" && number == l.E164(q.Phone)
}
