package enrich

// shade is a colour word in lower case and the 0xRRGGBB that avatars of that name stand on.
type shade struct {
	name string
	rgb  uint32
}

// colours and nouns are finished lists: one word more gives every id another name, one that moves gives its noun another creature,
// and one that goes leaves names already given without a picture.
//
// Every noun is put before every colour, so a word is only here if all its pairs are harmless for a person to be called by: no
// plain black, white, brown or yellow, nothing of the body, nothing political, no animal that is also an insult.
var colours = [...]shade{
	{"amber", 0xf5a623},
	{"apricot", 0xf9b58b},
	{"azure", 0x2f8fe6},
	{"beige", 0xd8c39b},
	{"blue", 0x2b5fd9},
	{"bronze", 0xa8703a},
	{"burgundy", 0x7a1f38},
	{"cerulean", 0x1e86b5},
	{"charcoal", 0x3b444c},
	{"cobalt", 0x1f4aa8},
	{"copper", 0xb9683a},
	{"coral", 0xff7a66},
	{"crimson", 0xc7203f},
	{"cyan", 0x22b8d6},
	{"emerald", 0x1f9d62},
	{"fuchsia", 0xd33aa6},
	{"gold", 0xe0ab1c},
	{"green", 0x3a9a3f},
	{"grey", 0x87909a},
	{"indigo", 0x4b3fa6},
	{"ivory", 0xe8dfc2},
	{"jade", 0x2fa583},
	{"lavender", 0xb9a7e6},
	{"lilac", 0xc9a0d8},
	{"lime", 0xa4cf32},
	{"magenta", 0xc42b8c},
	{"maroon", 0x7f2a2a},
	{"mauve", 0xa97fae},
	{"mint", 0x86d6b0},
	{"navy", 0x1e2f5c},
	{"olive", 0x7c7f35},
	{"orange", 0xf2802b},
	{"pink", 0xf48fb1},
	{"purple", 0x7a3fb0},
	{"red", 0xdb3a34},
	{"scarlet", 0xe8412a},
	{"silver", 0xb4bcc4},
	{"teal", 0x1c8a8a},
	{"turquoise", 0x35c4b5},
	{"violet", 0x8452c9},
}

var nouns = [...]string{
	"acorn", "anchor", "armchair", "backpack", "balloon", "bamboo", "basket", "beacon", "bell", "bicycle",
	"blanket", "boat", "book", "boomerang", "bottle", "bridge", "bus", "button", "cabin", "cactus",
	"camera", "candle", "canvas", "carousel", "castle", "cello", "clock", "cloud", "clover", "comet",
	"compass", "cottage", "crayon", "cupcake", "cushion", "daisy", "dolphin", "dragonfly", "drum", "duck",
	"easel", "envelope", "fern", "ferry", "firefly", "fountain", "galaxy", "garden", "gazebo", "ghost",
	"glacier", "globe", "guitar", "harbour", "harp", "hourglass", "island", "kayak", "kettle", "kite",
	"koala", "ladybird", "lamp", "lantern", "leaf", "lighthouse", "locomotive", "mandolin", "maple", "marble",
	"meadow", "meteor", "moon", "mountain", "notebook", "oak", "ocean", "otter", "panda", "pebble",
	"pelican", "pencil", "penguin", "piano", "pillow", "pinecone", "planet", "pond", "postcard", "puffin",
	"puzzle", "pyramid", "quilt", "rainbow", "river", "robin", "sailboat", "scooter", "seashell", "sparrow",
	"starfish", "suitcase", "sunflower", "swan", "tambourine", "teapot", "telescope", "tent", "tractor", "tram",
	"tulip", "turtle", "umbrella", "valley", "violin", "waterfall", "willow", "windmill", "xylophone", "zeppelin",
}
