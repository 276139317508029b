package people

// Consent says how persons come to get what a subscription type sends.
type Consent string

// The kinds of consent.
const (
	OptOut Consent = "opt_out" // everybody gets it who did not leave it
	OptIn  Consent = "opt_in"  // nobody gets it who did not enter it
)
