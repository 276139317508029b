package enrich

import "math"

// creature is what an avatar shows: a body with something on its head, eyes and a mouth.
type creature struct{ body, top, eyes, mouth shape }

// shape measures how far a point is outside a figure, in pixels, negative inside. The middle of the picture is (0, 0), y grows
// downwards, and x is never negative because the left half is a mirror image.
type shape func(x, y float64) float64

var (
	bodies = [...]shape{ball, block, egg, pear, flower, cloud, ghost, arch}
	tops   = [...]shape{bald, roundEars, pointedEars, antennae, sprout}
	eyes   = [...]shape{dots, ovals, glasses, happy}
	mouths = [...]shape{smile, laugh, whistle, purr}
)

// creatureOf gives every noun a creature of its own: the stride shares no factor with the number of creatures, so it meets each
// once before the first returns, and it changes most features from one noun to the next.
func creatureOf(noun int) creature {
	const stride = 251
	n := noun * stride
	take := func(from []shape) shape {
		taken := from[n%len(from)]
		n /= len(from)
		return taken
	}
	return creature{body: take(bodies[:]), top: take(tops[:]), eyes: take(eyes[:]), mouth: take(mouths[:])}
}

// at tells how much of a pixel is skin and how much is face, each from 0 to 1. There is no face without skin under it.
func (c creature) at(x, y float64) (skin, face float64) {
	skin = covered(min(c.body(x, y), c.top(x, y)))
	if skin == 1 {
		face = covered(min(c.eyes(x, y), c.mouth(x, y)))
	}
	return skin, face
}

// covered is the share of a pixel that lies inside a figure's edge.
func covered(distance float64) float64 { return min(max(0.5-distance, 0), 1) }

func ball(x, y float64) float64  { return circle(x, y-6, 40) }
func block(x, y float64) float64 { return box(x, y-6, 37, 36, 15) }
func pear(x, y float64) float64  { return cone(x, y, 0, 12, 36, 0, -15, 24) }
func arch(x, y float64) float64  { return box(x, y-48, 38, 84, 38) }

func egg(x, y float64) float64 {
	y -= 12
	if y < 0 {
		y *= 0.78
	}
	return circle(x, y, 37)
}

func flower(x, y float64) float64 {
	y -= 6
	return math.Sqrt(x*x+y*y) - 39 - 3.5*math.Cos(8*math.Atan2(y, x))
}

func cloud(x, y float64) float64 {
	return min(circle(x, y+8, 27), circle(x-22, y+3, 17), circle(x-29, y-16, 19), box(x, y-18, 38, 18, 17))
}

func ghost(x, y float64) float64 {
	hem := y - 44 - 4*math.Cos(x*math.Pi/12)
	return max(box(x, y-28, 36, 62, 36), hem)
}

func bald(_, _ float64) float64        { return math.Inf(1) }
func roundEars(x, y float64) float64   { return circle(x-27, y+28, 13) }
func pointedEars(x, y float64) float64 { return cone(x, y, 20, -18, 14, 31, -43, 2.5) }
func sprout(x, y float64) float64 {
	return min(cone(x, y, 3, -43, 1.5, 13, -50, 6), cone(x, y, 0, -42, 2, 0, -28, 2))
}

func antennae(x, y float64) float64 {
	return min(cone(x, y, 8, -24, 2, 17, -47, 2), circle(x-17, y+48, 5.5))
}
func dots(x, y float64) float64    { return circle(x-14, y-2, 5) }
func ovals(x, y float64) float64   { return cone(x, y, 13, -3, 4.5, 13, 5, 4.5) }
func whistle(x, y float64) float64 { return circle(x, y-23, 4.5) }
func smile(x, y float64) float64   { return max(ring(x, y-14, 11, 1.9), 17-y) }
func laugh(x, y float64) float64   { return max(circle(x, y-17, 11), 17-y) }
func happy(x, y float64) float64   { return max(ring(x-15, y-5, 6.5, 1.9), y-4) }
func purr(x, y float64) float64    { return max(ring(x-5, y-18, 5, 1.7), 18-y) }
func glasses(x, y float64) float64 {
	return min(ring(x-14, y-2, 10, 1.5), circle(x-14, y-2, 4), box(x, y, 5, 1.4, 1))
}

func circle(x, y, radius float64) float64 { return math.Sqrt(x*x+y*y) - radius }

func ring(x, y, radius, halfWidth float64) float64 { return math.Abs(circle(x, y, radius)) - halfWidth }

// box is a rectangle around the origin, given by half its sides, with round corners.
func box(x, y, halfWidth, halfHeight, corner float64) float64 {
	dx, dy := math.Abs(x)-halfWidth+corner, math.Abs(y)-halfHeight+corner
	outside := circle(max(dx, 0), max(dy, 0), corner)
	return outside + min(max(dx, dy), 0)
}

// cone joins two circles, the first at (ax, ay) and the second at (bx, by), by a body that narrows evenly from one to the other.
func cone(x, y, ax, ay, aRadius, bx, by, bRadius float64) float64 {
	px, py, dx, dy := x-ax, y-ay, bx-ax, by-ay
	along := min(max((px*dx+py*dy)/(dx*dx+dy*dy), 0), 1)
	return circle(px-along*dx, py-along*dy, aRadius+(bRadius-aRadius)*along)
}
