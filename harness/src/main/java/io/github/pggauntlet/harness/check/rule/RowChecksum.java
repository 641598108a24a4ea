package io.github.pggauntlet.harness.check.rule;

/**
 * All rows of a table on one server, in short.
 *
 * @param node the server
 * @param table the table
 * @param rows how many rows
 * @param checksum equal for equal rows, and but for collisions only for those
 */
public record RowChecksum(String node, String table, long rows, String checksum) {}
