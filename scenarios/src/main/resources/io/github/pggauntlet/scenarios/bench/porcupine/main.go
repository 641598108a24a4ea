// Checks a history of registers with porcupine, as often as it is told, and tells how long each check took.
//
//	beside HISTORY TIMES
//
// HISTORY has an operation a line: register, w or r, value (0: nothing), invocation, return; a return of -1 says that it is
// not known whether the write took effect. For each check a line: Ok, Illegal, or Unknown if it was given up after ten seconds,
// since memory grows with what has been tried; and nanoseconds.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/anishathalye/porcupine"
)

const patience = 10 * time.Second

type input struct {
	key   int
	write bool
	value int64
}

func model() porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			byKey := map[int][]porcupine.Operation{}
			for _, operation := range history {
				key := operation.Input.(input).key
				byKey[key] = append(byKey[key], operation)
			}
			all := make([][]porcupine.Operation, 0, len(byKey))
			for _, part := range byKey {
				all = append(all, part)
			}
			return all
		},
		Init: func() interface{} { return int64(0) },
		Step: func(state, in, out interface{}) (bool, interface{}) {
			if in.(input).write {
				return true, in.(input).value
			}
			return out.(int64) == state.(int64), state
		},
		Equal: func(one, other interface{}) bool { return one.(int64) == other.(int64) },
	}
}

func read(path string) ([]porcupine.Operation, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var history []porcupine.Operation
	var latest int64
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var key int
		var kind string
		var value, call, back int64
		if _, err := fmt.Sscan(lines.Text(), &key, &kind, &value, &call, &back); err != nil {
			return nil, fmt.Errorf("%q is no operation: %w", lines.Text(), err)
		}
		latest = max(latest, call, back)
		history = append(history, porcupine.Operation{
			Input: input{key, kind == "w", value}, Output: value, Call: call, Return: back})
	}
	for i := range history {
		// Porcupine takes all to have returned, so what is open returns last of all. Sessions are told apart by number.
		history[i].ClientId = i
		if history[i].Return < 0 {
			history[i].Return = latest + 1
		}
	}
	return history, lines.Err()
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: beside HISTORY TIMES")
		os.Exit(2)
	}
	times, err := strconv.Atoi(os.Args[2])
	var history []porcupine.Operation
	if err == nil {
		history, err = read(os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	for i := 0; i < times; i++ {
		before := time.Now()
		said := porcupine.CheckOperationsTimeout(model(), history, patience)
		fmt.Println(said, time.Since(before).Nanoseconds())
		if said == porcupine.Unknown {
			break
		}
	}
}
