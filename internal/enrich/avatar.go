package enrich

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"
)

const avatarSide = 128 // pixels

// The palette has 16 colours, the most that fit two pixels into a byte: the ground, a soft edge to the skin, and a soft
// edge to the face.
const (
	skinStep = 7
	faceStep = 15
)

// Avatar draws the picture of a pseudonym's slug, the colour and the noun in kebab case: a PNG of 128 by 128 pixels and about one kilobyte, a
// small creature on the colour the slug names. The noun decides the creature, so no two slugs look alike, and one build always draws
// a slug in the same bytes. It is false for a slug that is not a colour and a noun of ours.
func Avatar(slug string) ([]byte, bool) {
	colour, noun, known := words(slug)
	if !known {
		return nil, false
	}
	picture := image.NewPaletted(image.Rect(0, 0, avatarSide, avatarSide), ramp(colours[colour].rgb))
	draw(picture, creatureOf(noun))

	var out bytes.Buffer
	encoder := png.Encoder{BufferPool: &encoderBuffers}
	if err := encoder.Encode(&out, picture); err != nil {
		return nil, false // a buffer in memory takes every write and the size is fixed: there is nothing to go wrong
	}
	return out.Bytes(), true
}

// draw fills the right half and mirrors it: creatures are symmetrical, and so cost half.
func draw(picture *image.Paletted, c creature) {
	const middle = avatarSide / 2
	for row := range avatarSide {
		line := picture.Pix[row*picture.Stride:]
		for column := range middle {
			skin, face := c.at(float64(column)+0.5, float64(row-middle)+0.5)
			step := uint8(math.Round(skin*skinStep + face*(faceStep-skinStep)))
			line[middle+column], line[middle-1-column] = step, step
		}
	}
}

// ramp leads from the ground over the skin to the face. Skin is nearly white whatever the ground: it stands out on every one, and
// no creature can be taken for a remark about anybody's own. The face has the ground's hue, darkened where the ground is light.
func ramp(rgb uint32) color.Palette {
	ground := color.RGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 255}
	skin := mix(ground, color.RGBA{R: 255, G: 255, B: 255, A: 255}, 0.92)
	const readable = 90 // of 255: the lightness at which a face is readable on its skin
	face := mix(ground, color.RGBA{A: 255}, max(0, 1-readable/lightness(ground)))

	palette := make(color.Palette, faceStep+1)
	for step := range palette {
		if step <= skinStep {
			palette[step] = mix(ground, skin, float64(step)/skinStep)
		} else {
			palette[step] = mix(skin, face, float64(step-skinStep)/(faceStep-skinStep))
		}
	}
	return palette
}

// mix goes a share of the way, 0 to 1, from one colour to another.
func mix(from, to color.RGBA, share float64) color.RGBA {
	channel := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*share)) }
	return color.RGBA{R: channel(from.R, to.R), G: channel(from.G, to.G), B: channel(from.B, to.B), A: 255}
}

// lightness is how bright a colour looks, 0 to 255.
func lightness(c color.RGBA) float64 {
	return 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)
}

// encoderBuffers keeps the compressor's large tables from one picture to the next.
var encoderBuffers buffers

type buffers struct{ pool sync.Pool }

func (b *buffers) Get() *png.EncoderBuffer {
	kept, _ := b.pool.Get().(*png.EncoderBuffer)
	return kept // nil is allowed: the encoder then makes its own and hands it to Put
}

func (b *buffers) Put(kept *png.EncoderBuffer) { b.pool.Put(kept) }
