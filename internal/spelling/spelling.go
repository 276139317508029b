// Package spelling finds the name that somebody probably meant who mistyped one. It knows no names itself.
package spelling

// Nearest returns the name that is within the fewest slips of the keyboard of a mistyped one, about one for every three
// letters; "" when none is near.
func Nearest(mistyped string, names []string) string {
	near, fewest := "", 1+(len(mistyped)+2)/3
	for _, name := range names {
		if d := distance(mistyped, name); d < fewest {
			near, fewest = name, d
		}
	}
	return near
}

// distance counts the letters to insert, delete or replace to turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
