using System.Text;
using Bixbite.Commands.Server.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;

namespace Bixbite.Commands.Server;

/// <summary>LOLWUT: a different group of beryl crystals each time, and the version.</summary>
public sealed class Lolwut
{
    private const int ColumnCountMax = 1000;
    private const int LineCountMax = 200;
    private const int CrystalCountMax = 200;

    private readonly Random _random = new();

    [Command(
        "lolwut",
        Group = "server",
        Since = "5.0.0",
        Arity = -1,
        Flags = "readonly fast",
        Complexity = "O(N) with N the size of the picture",
        Summary = "Draws crystals and tells the version.",
        Syntax = "[VERSION version:integer] [columns:integer] [lines:integer] [crystals:integer]")]
    public void Run(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 1);
        if (arguments.Match("version"u8, valueCount: 1))
        {
            arguments.Integer();
        }
        int columnCount = Size(ref arguments, 66, ColumnCountMax);
        int lineCount = Size(ref arguments, 16, LineCountMax);
        int crystalCount = Size(ref arguments, 9, CrystalCountMax);
        if (arguments.AnswerFailure())
        {
            return;
        }
        string picture = BerylDruse.Draw(columnCount, lineCount, crystalCount, _random);
        string text = $"{picture}\nA druse of red beryl.\nRedis ver. {ServerIdentity.RedisVersion}\n";
        context.Reply.Verbatim(Encoding.UTF8.GetBytes(text), "txt"u8);
    }

    private static int Size(ref ArgumentReader arguments, int standard, int max) =>
        arguments.IsAtEnd ? standard : (int)Math.Clamp(arguments.Integer(), 1, max);
}
