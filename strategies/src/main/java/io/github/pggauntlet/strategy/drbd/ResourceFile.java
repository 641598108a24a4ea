package io.github.pggauntlet.strategy.drbd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A resource file, taken apart into its sections: as much of the format as {@link DrbdConfig} writes. */
record ResourceFile(String resource, Map<String, Map<String, String>> sections, List<Machine> machines) {

    private static final Pattern OPEN = Pattern.compile("(\\w+)(?: ([\\w.-]+))? \\{");
    private static final Pattern SETTING = Pattern.compile("([\\w-]+) (.+);");
    private static final Pattern DEVICE = Pattern.compile("/dev/drbd(\\d{1,3})");
    private static final Pattern ADDRESS = Pattern.compile("ipv4 ([\\d.]+):(\\d{1,5})");

    /** One end, as the file has it. */
    record Machine(String name, Map<String, String> settings) {

        String value(String setting) {
            return ResourceFile.value(settings, setting);
        }

        int minor() {
            return Integer.parseInt(match("device", DEVICE).group(1));
        }

        DrbdConfig.Peer peer() {
            Matcher address = match("address", ADDRESS);
            return new DrbdConfig.Peer(name, address.group(1), Integer.parseInt(address.group(2)));
        }

        private Matcher match(String setting, Pattern pattern) {
            Matcher matcher = pattern.matcher(value(setting));
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "The " + setting + " of " + name + " cannot be '" + value(setting) + "'.");
            }
            return matcher;
        }
    }

    Map<String, String> section(String name) {
        return sections.getOrDefault(name, Map.of());
    }

    static String value(Map<String, String> settings, String name) {
        return Optional.ofNullable(settings.get(name))
                .orElseThrow(() -> new IllegalArgumentException("The resource does not say its " + name + "."));
    }

    static String unquoted(String value) {
        return value.startsWith("\"") && value.endsWith("\"") && value.length() > 1
                ? value.substring(1, value.length() - 1)
                : value;
    }

    static ResourceFile parse(String text) {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        Matcher head = OPEN.matcher(lines.isEmpty() ? "" : lines.get(0));
        if (!head.matches() || !head.group(1).equals("resource") || head.group(2) == null) {
            throw new IllegalArgumentException("A resource file begins with 'resource NAME {'; this one does not.");
        }
        Map<String, Map<String, String>> sections = new HashMap<>();
        List<Machine> machines = new ArrayList<>();
        Map<String, String> open = Map.of();
        boolean inside = false;
        for (String line : lines.subList(1, lines.size())) {
            Matcher opening = OPEN.matcher(line);
            Matcher setting = SETTING.matcher(line);
            if (opening.matches() && !inside) {
                open = new HashMap<>();
                inside = true;
                if (opening.group(2) == null) {
                    sections.put(opening.group(1), open);
                } else {
                    machines.add(new Machine(opening.group(2), open));
                }
            } else if (setting.matches() && inside) {
                open.put(setting.group(1), setting.group(2));
            } else if (line.equals("}")) {
                inside = false;
            } else {
                throw new IllegalArgumentException("In a resource file this cannot be read: " + line);
            }
        }
        return new ResourceFile(head.group(2), sections, machines);
    }
}
