package wire

import "lobby/internal/apiversion"

// changes is the changelog of the API's shapes: every file v….go adds what its version changed.
var changes = apiversion.NewChanges(v2_8, v2_10, v2_12, v2_14, v2_16, preview)
