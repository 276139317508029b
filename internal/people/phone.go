package people

// SamePhone reports whether two people have one phone number, however each of them spells it. Numbers without their
// country are compared as they were sent; without a number nobody is the same.
func SamePhone(p, q *Person) bool {
	return p.Phone != "" && p.Phone == q.Phone || p.FormattedPhone != "" && p.FormattedPhone == q.FormattedPhone
}
