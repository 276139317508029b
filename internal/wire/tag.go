package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// Tag is a tag, without who carries it.
type Tag struct{ *people.Tag }

// AppendJSON appends the tag.
func (t Tag) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	writeTag(&o, t.Tag)
	return o.End()
}

// writeTag writes the members of a tag that all shapes have.
func writeTag(o *jsonio.Writer, t *people.Tag) {
	o.Text("type", "tag")
	o.Text("id", strconv.FormatInt(t.ID, 10))
	o.Text("name", t.Name)
}

// TagList is the list of all tags of a workspace.
type TagList []*people.Tag

// AppendJSON appends the list.
func (l TagList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, t := range l {
		o.Item()
		writeTag(&o, t)
		o.Close()
	}
	o.CloseList()
	return o.End()
}

// AppliedTag is a tag of a person, with the time when it was applied and the admin who applied it.
type AppliedTag struct{ *people.AppliedTag }

// AppendJSON appends the tag, applied_at and applied_by.
func (t AppliedTag) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	writeTag(&o, &t.Tag)
	o.Int("applied_at", t.AppliedAt)
	if t.AdminID == 0 {
		o.Null("applied_by")
	} else {
		writeReference(&o, "applied_by", "admin", strconv.FormatInt(t.AdminID, 10))
	}
	return o.End()
}

// writeReference writes the type and the id of another object as a member.
func writeReference(o *jsonio.Writer, name, kind, id string) {
	o.Open(name)
	o.Text("type", kind)
	o.Text("id", id)
	o.Close()
}

// AppliedTagList is the list of a person's tags.
type AppliedTagList []*people.AppliedTag

// AppendJSON appends the list.
func (l AppliedTagList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, t := range l {
		o.Next()
		o.Buf = AppliedTag{t}.AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

// Tagging is the response to POST /tags in the shape of a version: the tag and its targets.
type Tagging struct {
	result *people.TaggingResult
	// Targets says whether to write users and companies.
	Targets bool
}

// NewTagging returns the result of tagging in the shape of version v.
func NewTagging(result *people.TaggingResult, v apiversion.Version) *Tagging {
	t := &Tagging{result: result, Targets: true}
	changes.StepDown(v, t)
	return t
}

// AppendJSON appends the tag and its targets.
func (t *Tagging) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	writeTag(&o, t.result.Tag)
	if t.Targets {
		writeTagged(&o, "users", t.result.Users)
		writeTagged(&o, "companies", t.result.Companies)
	}
	return o.End()
}

func writeTagged(o *jsonio.Writer, name string, all []people.Tagged) {
	o.OpenList(name)
	for _, target := range all {
		o.Item()
		o.Text("id", target.ID)
		o.Bool("tagged", target.On)
		o.Close()
	}
	o.CloseList()
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
