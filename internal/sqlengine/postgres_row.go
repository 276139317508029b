package sqlengine

import (
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// checkForm returns an error unless [postgresRow] can read all columns of a result. A number that came in another form
// would be read as 0, and a flag as false.
func checkForm(columns []pgconn.FieldDescription) error {
	for _, c := range columns {
		switch c.DataTypeOID {
		case pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID, pgtype.UnknownOID:
			continue
		case pgtype.Int8OID, pgtype.Int4OID, pgtype.BoolOID:
			if c.Format == pgx.BinaryFormatCode {
				continue
			}
		}
		return fmt.Errorf("the column %s has type %d in format %d, which is not expected", c.Name, c.DataTypeOID, c.Format)
	}
	return nil
}

// postgresRow is a row in the binary format, which pgx asks for: text as its bytes, integers big-endian, booleans as one
// byte. checkForm has made sure that there are no other types.
type postgresRow [][]byte

func (r postgresRow) IsNull(i int) bool { return r[i] == nil }

func (r postgresRow) Text(i int) string { return string(r[i]) }

func (r postgresRow) Int(i int) int64 {
	switch v := r[i]; len(v) {
	case 8:
		return int64(binary.BigEndian.Uint64(v))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(v)))
	}
	return 0
}

func (r postgresRow) Bool(i int) bool { return len(r[i]) == 1 && r[i][0] == 1 }
