package transfer

import (
	"hash/maphash"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

// knownIDs are the external ids and addresses that somebody in a workspace has, of whatever role and state. It saves the
// look-ups of new people. It has 64 bits of each, so it sometimes takes a new one for known; never the other way round.
type knownIDs struct {
	seed maphash.Seed
	all  map[uint64]struct{}
}

// readKnown returns what is known before an import.
func readKnown(r people.Reader, ws workspace.ID) (*knownIDs, error) {
	k := &knownIDs{maphash.MakeSeed(), map[uint64]struct{}{}}
	return k, sqlstore.EachIdentifier(r, ws, k.put)
}

// put adds an external id and the key of an address; empty ones are none.
func (k *knownIDs) put(externalID, emailKey string) {
	if externalID != "" {
		k.all[k.hash('x', externalID)] = struct{}{}
	}
	if emailKey != "" {
		k.all[k.hash('@', emailKey)] = struct{}{}
	}
}

func (k *knownIDs) add(p *people.Person) { k.put(p.ExternalID, workspace.EmailKey(p.Email)) }

// mayHave reports whether somebody may have the external id of a person, or the address.
func (k *knownIDs) mayHave(p *people.Person) bool {
	_, id := k.all[k.hash('x', p.ExternalID)]
	_, email := k.all[k.hash('@', workspace.EmailKey(p.Email))]
	return id || email
}

func (k *knownIDs) hash(kind byte, text string) uint64 {
	var h maphash.Hash
	h.SetSeed(k.seed)
	_ = h.WriteByte(kind)      // it never fails
	_, _ = h.WriteString(text) // nor does this
	return h.Sum64()
}
