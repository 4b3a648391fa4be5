// Signs a call of a payment function and sends it; needs nothing but Go:
// go run examples/server/sign.go queryOrder < order.json
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

type signed struct {
	EnvID     string `json:"envId"`
	Appid     string `json:"appid"`
	Time      int64  `json:"time"`
	Data      string `json:"data"`
	Signature string `json:"signature"`
}

// requestBody makes the request; data is JSON text, which is signed and sent as it stands, however it is spelled.
func requestBody(key, name string, call signed) ([]byte, error) {
	at := strconv.FormatInt(call.Time, 10)
	text := strings.Join([]string{name, call.EnvID, call.Appid, at, call.Data}, "\n")
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	call.Signature = hex.EncodeToString(mac.Sum(nil))
	return json.Marshal(map[string]signed{"signed": call})
}

// call calls a function; the answer's errCode is 0 where it did what was asked.
func call(name, data string) ([]byte, error) {
	envID := os.Getenv("TCB_ENV")
	url := envOr("LOCAL_URL", "https://"+envID+".api.tcloudbasegateway.com")
	apiKey := envOr("LOCAL_API_KEY", os.Getenv("CLOUDBASE_APIKEY"))
	what := signed{EnvID: envID, Appid: os.Getenv("WXPAY_APPID"), Time: time.Now().UnixMilli(), Data: data}
	body, err := requestBody(os.Getenv("WXPAY_SERVICE_KEY"), name, what)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, url+"/v1/functions/"+name, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+apiKey)
	request.Header.Set("Content-Type", "application/json")
	client := http.Client{Timeout: 20 * time.Second}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}

func envOr(name, other string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return other
}

func main() {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	if os.Args[1] != "--vectors" {
		answer, err := call(os.Args[1], string(input))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(answer))
		return
	}
	// One call a line, its fields in base64: key, name, envId, appid, time, data.
	for _, line := range strings.Split(strings.TrimSpace(string(input)), "\n") {
		fields := strings.Fields(line)
		for i, field := range fields {
			text, err := base64.StdEncoding.DecodeString(field)
			if err != nil {
				log.Fatal(err)
			}
			fields[i] = string(text)
		}
		at, err := strconv.ParseInt(fields[4], 10, 64)
		if err != nil {
			log.Fatal(err)
		}
		body, err := requestBody(fields[0], fields[1], signed{EnvID: fields[2], Appid: fields[3], Time: at, Data: fields[5]})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(body))
	}
}
