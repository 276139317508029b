package wire

import "slices"

// container begins or ends a list, an item, a quotation, a table or a part of one.
func (b *htmlBuilder) container(t htmlToken) {
	if t.isEnd {
		if at := b.lastOf(t.name); at >= 0 {
			b.leave(at)
		}
		return
	}
	switch t.name {
	case "li":
		if at := b.lastOf("li", "ul", "ol"); at < 0 {
			return // an item of no list is a paragraph
		} else if b.containers[at].tag == "li" {
			b.leave(at)
		}
	case "thead", "tbody":
		if !b.backTo("table") {
			return
		}
	case "tr":
		if !b.backTo("thead", "tbody", "table") {
			return
		}
	case "td", "th":
		if !b.backTo("tr", "thead", "tbody", "table") {
			return
		}
		if b.top() != "tr" {
			b.enter("tr")
		}
		b.enter(t.name)
		b.openContainers() // an empty cell has its place
		return
	}
	b.enter(t.name)
}

// maxContainers is how deep containers may be nested. What is deeper counts as their content.
const maxContainers = 64

func (b *htmlBuilder) enter(tag string) {
	if len(b.containers) < maxContainers {
		b.containers = append(b.containers, htmlContainer{tag: tag})
	}
}

// leave ends the containers from that one on.
func (b *htmlBuilder) leave(from int) {
	for i := len(b.containers) - 1; i >= from; i-- {
		if b.containers[i].isOpen {
			b.write("</" + b.containers[i].tag + ">")
		}
	}
	b.containers = b.containers[:from]
}

// openContainers writes the containers that are not written yet. What stands in a list or a table without an item or a
// cell gets one.
func (b *htmlBuilder) openContainers() {
	switch b.top() {
	case "ul", "ol":
		b.enter("li")
	case "table", "thead", "tbody":
		b.enter("tr")
		b.enter("td")
	case "tr":
		b.enter("td")
	}
	for i := range b.containers {
		if c := &b.containers[i]; !c.isOpen {
			b.write("<" + c.tag + ">")
			c.isOpen = true
			if i > 0 {
				b.containers[i-1].endsInText = false
			}
		}
	}
}

// top returns the tag of the innermost container, or "".
func (b *htmlBuilder) top() string {
	if len(b.containers) == 0 {
		return ""
	}
	return b.containers[len(b.containers)-1].tag
}

// lastOf returns the innermost container of these tags, or -1. It does not look out of a cell for what is no part of a
// table, nor out of a table.
func (b *htmlBuilder) lastOf(tags ...string) int {
	for i := len(b.containers) - 1; i >= 0; i-- {
		switch tag := b.containers[i].tag; {
		case slices.Contains(tags, tag):
			return i
		case tag == "table", (tag == "td" || tag == "th") && !isOfTable(tags[0]):
			return -1
		}
	}
	return -1
}

func isOfTable(tag string) bool {
	switch tag {
	case "table", "thead", "tbody", "tr", "td", "th":
		return true
	}
	return false
}

// backTo ends the containers within the innermost one of these tags, and reports whether there is one.
func (b *htmlBuilder) backTo(tags ...string) bool {
	at := b.lastOf(tags...)
	if at < 0 {
		return false
	}
	b.leave(at + 1)
	return true
}
