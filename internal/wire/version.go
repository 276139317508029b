package wire

import "lobby/internal/apiversion"

// changes are the differences between the versions' shapes. Each file v2_*.go lists those of one version.
var changes = apiversion.NewChanges(v2_8, v2_9, v2_10, v2_11, v2_12, v2_13, v2_14, v2_16, preview)
