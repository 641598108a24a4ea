package io.github.pggauntlet.harness.interchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads EDN into plain data: maps, vectors, lists, sets, strings, keywords and symbols (both as strings, without the colon), whole
 * and other numbers, nil, true and false. Tags are left out and what they stand before is taken; so {@code
 * #jepsen.history.Op{…}} is a map. Comments and {@code #_} are skipped. Source: the EDN format,
 * <a href="https://github.com/edn-format/edn">edn-format</a>.
 */
final class EdnReader {

    private static final int DEEPEST = 100;

    private final String text;
    private int at;
    private int depth;

    EdnReader(String text) {
        this.text = text;
    }

    /** All values that follow one another. */
    List<Object> readAll() {
        List<Object> values = new ArrayList<>();
        while (hasMore()) {
            values.add(value());
        }
        return values;
    }

    /** Skips what says nothing; whether anything follows. */
    private boolean hasMore() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || c == ',') {
                at++;
            } else if (c == ';') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("#_", at)) {
                at += 2;
                require();
                value();
            } else {
                return true;
            }
        }
        return false;
    }

    private void require() {
        if (!hasMore()) {
            throw wrong("the text ends too early");
        }
    }

    private Object value() {
        if (++depth > DEEPEST) {
            throw wrong("there are too many brackets within brackets");
        }
        try {
            char c = text.charAt(at);
            return switch (c) {
                case '{' -> map();
                case '[' -> sequence(']');
                case '(' -> sequence(')');
                case '"' -> string();
                case '#' -> dispatch();
                case ']', ')', '}' -> throw wrong("there is a '" + c + "' too many");
                default -> atom();
            };
        } finally {
            depth--;
        }
    }

    private Object dispatch() {
        at++;
        if (at < text.length() && text.charAt(at) == '{') {
            return sequence('}');
        }
        token();
        require();
        return value();
    }

    private List<Object> sequence(char close) {
        at++;
        List<Object> values = new ArrayList<>();
        require();
        while (text.charAt(at) != close) {
            values.add(value());
            require();
        }
        at++;
        return values;
    }

    private Map<Object, Object> map() {
        List<Object> flat = sequence('}');
        if (flat.size() % 2 != 0) {
            throw wrong("a map has a key without a value");
        }
        Map<Object, Object> map = new HashMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            map.put(flat.get(i), flat.get(i + 1));
        }
        return map;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                c = switch (text.charAt(++at)) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    default -> text.charAt(at);
                };
            }
            string.append(c);
        }
        if (at == text.length()) {
            throw wrong("a string has no end");
        }
        at++;
        return string.toString();
    }

    private String token() {
        int from = at;
        while (at < text.length() && !isEnd(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    private static boolean isEnd(char c) {
        return Character.isWhitespace(c) || ",;\"()[]{}".indexOf(c) >= 0;
    }

    private Object atom() {
        String token = token();
        if (token.equals("nil")) {
            return Plain.NIL;
        }
        if (token.startsWith(":")) {
            return token.substring(1);
        }
        if (!token.isEmpty() && (Character.isDigit(token.charAt(token.length() - 1)) || token.endsWith("N"))) {
            try {
                return Long.valueOf(token.endsWith("N") ? token.substring(0, token.length() - 1) : token);
            } catch (NumberFormatException e) {
                return token;
            }
        }
        return token;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + " at character " + at + ".");
    }
}
