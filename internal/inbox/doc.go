// Package inbox has conversations: what contacts and admins write to each other, in which state it is, and who is to answer.
// The fronts call its use cases. It reads and writes through its own [Store], which is another view of the same database
// as the one that holds persons.
// It must not know persons: what it needs of them is declared by [Contacts], and package app joins the two. It must not
// know HTTP, SQL or the public JSON either.
package inbox
