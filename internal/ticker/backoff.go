package ticker

// Backoff returns after how many seconds something is tried again that failed so many times: first, doubled with every
// further failure up to a limit, and moved by up to a quarter. spread is a random number from 0 up to 1.
func Backoff(first, limit, failures int64, spread float64) int64 {
	for n := int64(1); n < failures && first < limit; n++ {
		first *= 2
	}
	return Jitter(min(first, limit), spread)
}

// Jitter moves a duration by up to a quarter, so that what failed together does not come back together.
func Jitter(seconds int64, spread float64) int64 {
	return seconds + int64(float64(seconds)*(spread-0.5)/2)
}
