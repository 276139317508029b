package enrich

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
)

func TestAvatarIsASmallSquareOnTheColourOfItsName(t *testing.T) {
	t.Parallel()
	for _, c := range colours {
		drawn, known := Avatar(c.name + "-ghost")
		if !known {
			t.Fatalf("%s-ghost is not known", c.name)
		}
		if len(drawn) > 2048 {
			t.Errorf("%s-ghost takes %d bytes", c.name, len(drawn))
		}
		picture, err := png.Decode(bytes.NewReader(drawn))
		if err != nil {
			t.Fatalf("%s-ghost: %v", c.name, err)
		}
		if size := picture.Bounds().Size(); size.X != 128 || size.Y != 128 {
			t.Errorf("%s-ghost is %v", c.name, size)
		}
		want := color.RGBA{R: uint8(c.rgb >> 16), G: uint8(c.rgb >> 8), B: uint8(c.rgb), A: 255}
		if got := color.RGBAModel.Convert(picture.At(0, 0)); got != want {
			t.Errorf("%s-ghost stands on %v, want %v", c.name, got, want)
		}
	}
}

func TestEveryNounHasAPictureOfItsOwn(t *testing.T) {
	t.Parallel()
	owner := map[string]string{}
	for _, noun := range nouns {
		drawn, known := Avatar("teal-" + noun)
		if !known {
			t.Fatalf("teal-%s is not known", noun)
		}
		if other, taken := owner[string(drawn)]; taken {
			t.Errorf("%s looks like %s", noun, other)
		}
		owner[string(drawn)] = noun
	}
}

func TestEveryCreatureStaysInsideARoundFrame(t *testing.T) {
	t.Parallel()
	const frame = 64.0 // pixels from the middle to the edge
	for noun, name := range nouns {
		c := creatureOf(noun)
		for x := 0.5; x < frame; x++ {
			for y := 0.5 - frame; y < 0; y++ { // an arch rises from below, so only the upper half has to stay clear
				if skin, _ := c.at(x, y); skin > 0 && x*x+y*y > frame*frame {
					t.Fatalf("%s reaches (%v, %v)", name, x, y)
				}
			}
		}
	}
}

func TestEveryFaceIsReadable(t *testing.T) {
	t.Parallel()
	for _, c := range colours {
		palette := ramp(c.rgb)
		skin, face := palette[skinStep].(color.RGBA), palette[faceStep].(color.RGBA)
		if gap := lightness(skin) - lightness(face); gap < 120 {
			t.Errorf("on %s the face is only %.0f of 255 darker than the skin", c.name, gap)
		}
		if ground := palette[0].(color.RGBA); lightness(skin)-lightness(ground) < 20 {
			t.Errorf("on %s the skin hardly stands out", c.name)
		}
	}
}

func TestSameSlugIsDrawnInTheSameBytes(t *testing.T) {
	t.Parallel()
	first, _ := Avatar("azure-bus")
	second, _ := Avatar("azure-bus") // in the buffers of the first
	if !bytes.Equal(first, second) {
		t.Error("the second picture differs from the first")
	}
}

func TestAvatarKnowsNoOtherSlug(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"", "-", "azure", "azure-", "-bus", "bus-azure", "azure-bus-stop", "Azure-Bus", "azure bus", "../azure-bus", "azure-bus.png", "a\x00-\xff"} {
		if _, known := Avatar(slug); known {
			t.Errorf("%q has a picture", slug)
		}
	}
}

func BenchmarkAvatar(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Avatar("azure-bus")
	}
}
