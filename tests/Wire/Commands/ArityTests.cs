using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Commands;

/// <summary>Every command of the table refuses too few arguments, and too many where their number is fixed, with Redis' words.</summary>
public sealed class ArityTests
{
    [Fact]
    public void Too_few_and_too_many_arguments_are_refused()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        List<string> wrong = [];
        foreach (Reply name in connection.Call("COMMAND LIST").Items)
        {
            int arity = (int)connection.Call($"COMMAND INFO {name.Text}").Items[0].Items[1].Integer;
            string[] words = name.Text.Split('|');
            int least = Math.Abs(arity);
            if (least > words.Length)
            {
                Refuses(connection, name.Text, words, least - 1, wrong);
            }
            if (arity > 0)
            {
                Refuses(connection, name.Text, words, least + 1, wrong);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Sends the command with arguments up to this number in all.</summary>
    private static void Refuses(RespConnection connection, string name, string[] words, int count, List<string> wrong)
    {
        string request = string.Join(' ', words.Concat(Enumerable.Repeat("1", count - words.Length)));
        string reply = connection.Call(request).ToString();
        string text = $"wrong number of arguments for '{name}' command";

        // Whatever is wrong with an EXEC, it ends the transaction.
        string expected = name == "exec" ? $"-EXECABORT Transaction discarded because of: {text}" : $"-ERR {text}";
        if (reply != expected)
        {
            wrong.Add($"{request}: {reply}, expected {expected}");
        }
    }
}
