// Package remnant searches for what should be gone: texts of somebody who was erased, in files and in memory.
// The texts come from JSON, and what is searched is bytes of any form. It knows nothing of people or databases.
// What it keeps of the texts is inverted, so that a search of its own memory does not find the search itself.
package remnant
