package sqlengine

// FailedCheckpoint does what a checkpoint on a closed connection does.
func FailedCheckpoint(o Observer) { (&checkpointer{observer: o}).checkpoint(&sqliteConn{}) }
