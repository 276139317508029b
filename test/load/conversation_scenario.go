package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// besidePut is the yardstick of a reply: the update of a visitor in the same database.
const besidePut = "put beside"

// The scenarios that are compared with others.
const (
	fewParts, manyParts = "get 5 parts", "get 500 parts"
	listTalks           = "list conversations"
	searchTalks         = "search conversations"
	replyTalk           = "reply"
)

// talkVisitors are the visitors beside the conversations, whom the yardstick updates.
var talkVisitors = dataset{4000}

// talkContact returns the id of the contact of a conversation: ten conversations have one.
func talkContact(conversation int) string {
	return talkContactPrefix + strconv.Itoa(100_000+conversation/10)
}

const talkContactPrefix = "684eb8805eed5eed61"

// conversationScenarios returns the scenarios with a number of conversations, in the order of measuring: those that only read
// come first. One conversation more has 500 parts, the others have five.
func conversationScenarios(conversations int) []scenario {
	anyOne := func() int { return 1 + rand.IntN(conversations) }
	listed := []string{`{"type":"conversation.list"`, `"total_count":`}
	get := func(name string, id func() int) scenario {
		return scenario{
			name: name, head: "GET /conversations/", header: fromSDK, expected: []string{`{"type":"conversation"`},
			text: func(b []byte, _ visitor, _ int64) []byte { return strconv.AppendInt(b, int64(id()), 10) },
		}
	}
	put := scenarios(talkVisitors)[1]
	put.name = besidePut
	replied := func(serial int64) int { return 1 + int(mix(uint64(serial))%uint64(conversations)) }
	return []scenario{
		get(fewParts, anyOne),
		get(manyParts, func() int { return conversations + 1 }),
		{
			name: listTalks, head: "GET /conversations?per_page=", header: fromSDK, expected: listed,
			text: func(b []byte, _ visitor, _ int64) []byte { return append(b, "20"...) },
		},
		{
			name: searchTalks, head: "POST /conversations/search", header: jsonFromSDK, expected: listed,
			text: func(b []byte, _ visitor, serial int64) []byte {
				return fmt.Appendf(b, `{"query":{"operator":"AND","value":[{"field":"state","operator":"=","value":"open"},`+
					`{"field":"created_at","operator":">","value":%d}]}}`, firstSecond-serial%100)
			},
		},
		put,
		{
			name: replyTalk, head: "POST /conversations/", header: jsonFromSDK, expected: []string{`{"type":"conversation"`},
			path: func(b []byte, serial int64) []byte {
				return append(strconv.AppendInt(b, int64(replied(serial)), 10), "/reply"...)
			},
			text: func(b []byte, _ visitor, serial int64) []byte {
				return fmt.Appendf(b, `{"message_type":"comment","type":"user","intercom_user_id":%q,"body":"Any news about order %d?"}`, talkContact(replied(serial)), serial)
			},
		},
	}
}
