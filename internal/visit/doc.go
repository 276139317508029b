// Package visit handles what a page or an app reports about the person in front of it, as one ping: visit, proof of
// identity, companies, events and an email address, in one transaction. The messenger parses pings and calls it; it is made
// of the identity steps of people. It must not know HTTP or how a ping is spelled, and imports the standard library only.
package visit
