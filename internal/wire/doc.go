// Package wire writes the public JSON: the shape of every object in the newest version, and the changes that turn an object
// into the shape of an older version.
// The fronts and deliver call it with records of package people. Only this package decides what an object looks like in a
// version. It must not do I/O, know HTTP, or decide a rule.
package wire
