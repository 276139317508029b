package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// Tag is a tag by itself.
type Tag struct{ *people.Tag }

// AppendJSON appends the tag.
func (t Tag) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	writeTag(&o, t.Tag)
	return o.end()
}

// writeTag writes the members that every tag has.
func writeTag(o *object, t *people.Tag) {
	o.text("type", "tag")
	o.text("id", strconv.FormatInt(t.ID, 10))
	o.text("name", t.Name)
}

// TagList is all tags of a workspace.
type TagList []*people.Tag

// AppendJSON appends the list.
func (l TagList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "list")
	o.openList("data")
	for _, t := range l {
		o.item()
		writeTag(&o, t)
		o.close()
	}
	o.closeList()
	return o.end()
}

// AppliedTag is a tag as somebody carries it.
type AppliedTag struct{ *people.AppliedTag }

// AppendJSON appends the tag, and who applied it when.
func (t AppliedTag) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	writeTag(&o, &t.Tag)
	o.int("applied_at", t.AppliedAt)
	if t.AdminID == 0 {
		o.null("applied_by")
	} else {
		writeReference(&o, "applied_by", "admin", strconv.FormatInt(t.AdminID, 10))
	}
	return o.end()
}

// writeReference writes of another object what it is and its id.
func writeReference(o *object, name, kind, id string) {
	o.open(name)
	o.text("type", kind)
	o.text("id", id)
	o.close()
}

// AppliedTagList is all tags that somebody carries.
type AppliedTagList []*people.AppliedTag

// AppendJSON appends the list.
func (l AppliedTagList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "list")
	o.openList("data")
	for _, t := range l {
		o.next()
		o.buf = AppliedTag{t}.AppendJSON(o.buf)
	}
	o.closeList()
	return o.end()
}

// Tagging is what came of an order to tag, as the newest version tells it.
type Tagging struct {
	result *people.TaggingResult
	// Targets shows who was tagged or not.
	Targets bool
}

// NewTagging answers what came of an order in the shape of version v.
func NewTagging(result *people.TaggingResult, v apiversion.Version) *Tagging {
	t := &Tagging{result: result, Targets: true}
	changes.StepDown(v, t)
	return t
}

// AppendJSON appends the tag and its targets.
func (t *Tagging) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	writeTag(&o, t.result.Tag)
	if t.Targets {
		writeTagged(&o, "users", t.result.Users)
		writeTagged(&o, "companies", t.result.Companies)
	}
	return o.end()
}

func writeTagged(o *object, name string, all []people.Tagged) {
	o.openList(name)
	for _, target := range all {
		o.item()
		o.text("id", target.ID)
		o.bool("tagged", target.On)
		o.close()
	}
	o.closeList()
}

func tagSamples(v apiversion.Version) []Shape {
	tag, applied := full[people.Tag](), full[people.AppliedTag]()
	somehow := &people.AppliedTag{Tag: *tag}
	return []Shape{
		Tag{tag},
		TagList{tag},
		AppliedTag{applied},
		AppliedTag{somehow},
		AppliedTagList{applied, somehow},
		NewTagging(&people.TaggingResult{Tag: tag, Users: []people.Tagged{{}}, Companies: []people.Tagged{{}}}, v),
	}
}
