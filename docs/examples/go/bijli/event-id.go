package bijli

import (
	"crypto/rand"
	"crypto/sha1"
	"fmt"
)

// namespaceOID is the name space for ids of object identifiers (RFC 9562, 6.6).
var namespaceOID = [16]byte{0x6b, 0xa7, 0xb8, 0x12, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}

const (
	version4 = 0x40
	version5 = 0x50
)

// EventIDOf makes the id of what a text says: the same text has the same id, in every language (UUID version 5, RFC 9562, 5.5).
func EventIDOf(text string) string {
	sum := sha1.Sum(append(namespaceOID[:], text...))
	return format(sum[:16], version5)
}

// NewEventID makes an id that nothing else has (UUID version 4, RFC 9562, 5.4).
func NewEventID() string {
	octets := make([]byte, 16)
	rand.Read(octets)
	return format(octets, version4)
}

func format(octets []byte, version byte) string {
	octets[6] = octets[6]&0x0f | version
	octets[8] = octets[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", octets[:4], octets[4:6], octets[6:8], octets[8:10], octets[10:])
}
