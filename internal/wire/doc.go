// Package wire is the public JSON: the strict decoder of requests, the shape of every object in the newest version, and
// the list of changes by which an object steps down to an older one.
// The fronts and deliver call it with persons of package people; what an object looks like in a version is decided here
// and nowhere else. It must not do I/O, know HTTP, or decide a rule.
package wire
