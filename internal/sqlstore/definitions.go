package sqlstore

import (
	"slices"
	"sync"
	"time"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// definitions are all custom attributes of a workspace, in the version that the workspace's row has.
type definitions struct {
	version int64
	all     []*people.Attribute
}

// definitionCache has the definitions of workspaces. Any server may define attributes, so a transaction reads the version,
// which is one number, before it uses them.
type definitionCache struct{ byWorkspace sync.Map }

func (c *definitionCache) get(ws workspace.ID) *definitions {
	known, ok := c.byWorkspace.Load(ws)
	if !ok {
		return nil
	}
	return known.(*definitions)
}

// definitionView is what a transaction knows of definitions, together with the readers that it has given out.
type definitionView struct {
	cache *definitionCache
	// ws is the workspace whose version was read; "" for none.
	ws      workspace.ID
	version int64
	// isChanged says that the transaction defines something, which others must not see before it is committed.
	isChanged bool
	// read is what was read of ws; nil for nothing.
	read *definitions
}

// note remembers a version that came with a look-up.
func (v *definitionView) note(ws workspace.ID, version int64) {
	if v != nil {
		v.ws, v.version, v.read = ws, version, nil
	}
}

// publish caches what was read, once everything that it shows is committed.
func (v *definitionView) publish() {
	if v.read != nil && !v.isChanged {
		v.cache.byWorkspace.Store(v.ws, v.read)
	}
}

// definitionsVersion is the version as a column of a query whose workspace is $1.
const definitionsVersion = "(SELECT definitions FROM workspaces WHERE id = $1)"

// Attributes implements people.AttributeReader. A writer that may define something takes turns with others, and reads the
// rows. All others read the version only, unless it is new to them.
func (t *tx) Attributes(ws workspace.ID) ([]*people.Attribute, error) {
	if err := t.takeTurns(lockWorkspace, string(ws)); err != nil {
		return nil, err
	}
	v := t.definitions
	if t.lock || v == nil || v.isChanged {
		read, err := t.readDefinitions(ws)
		return read.all, err
	}
	if v.ws != ws {
		version, err := sqlengine.Number(t, "SELECT definitions FROM workspaces WHERE id = $1", []any{string(ws)})
		if err != nil {
			return nil, err
		}
		v.note(ws, version)
	}
	if known := v.cache.get(ws); known != nil && known.version == v.version {
		return slices.Clone(known.all), nil
	}
	read, err := t.readDefinitions(ws)
	if err != nil {
		return nil, err
	}
	if len(read.all) == 0 {
		read.version = v.version
	}
	v.read = &read
	return slices.Clone(read.all), nil
}

// readDefinitions reads definitions with their version, which is 0 when there are none.
func (t *tx) readDefinitions(ws workspace.ID) (read definitions, err error) {
	attribute := readAttribute(ws)
	read.all, err = sqlengine.List(t, `SELECT name, id, model, description, type, options, archived, messenger_writable, admin_id, created_at, updated_at,
		`+definitionsVersion+` FROM attributes WHERE workspace = $1 ORDER BY name`, []any{string(ws)}, func(r sqlengine.Row) (*people.Attribute, error) {
		read.version = r.Int(11)
		return attribute(r)
	})
	return read, err
}

// changeDefinitions gives the definitions of a workspace another version. It is the time, so that none comes again when a
// workspace is deleted and imported.
func (t *tx) changeDefinitions(ws workspace.ID) error {
	if t.definitions != nil {
		t.definitions.isChanged = true
	}
	return t.Exec(`UPDATE workspaces SET definitions = CASE WHEN definitions >= $2 THEN definitions + 1 ELSE $2 END WHERE id = $1`,
		[]any{string(ws), time.Now().UnixMicro()})
}
