using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Kill;

/// <summary>What one database holds, as lines to compare and show: a key, and its digest or as much as can be foretold.</summary>
internal static class Content
{
    public static string[] Of(RespConnection connection, int database)
    {
        connection.Call($"SELECT {database}");
        return
        [
            .. connection.Call("KEYS *").Items.Select(key => key.Text).Where(key => key[0] != 'e').Order(StringComparer.Ordinal)
                .Select(key => $"{key} {Measure(connection, key)}"),
        ];
    }

    /// <summary>The lines that only one side has, for people.</summary>
    public static string Difference(string[] expected, string[] actual) => string.Join(
        '\n',
        expected.Except(actual).Select(line => $"  expected: {line}")
            .Concat(actual.Except(expected).Select(line => $"  actual:   {line}")));

    private static string Measure(RespConnection connection, string key) => key[0] switch
    {
        'R' => connection.Call($"SCARD {key}").Text,
        'X' => connection.Call($"XLEN {key}").Text,
        't' => $"{connection.Call($"PEXPIRETIME {key}")} {Digest(connection, key)}",
        _ => Digest(connection, key),
    };

    private static string Digest(RespConnection connection, string key) => connection.Call($"DEBUG DIGEST-VALUE {key}").Items[0].Text;
}
