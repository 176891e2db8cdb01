using System.Runtime.InteropServices;
using System.Text;
using Bixbite.Protocol;

namespace Bixbite.Unit.Engine.Commands;

/// <summary>A request's arguments in memory that does not move.</summary>
internal static class PinnedRequest
{
    public static Argument[] Of(string line) => Of((ReadOnlySpan<string>)line.Split(' '));

    public static Argument[] Of(ReadOnlySpan<string> words)
    {
        var arguments = new Argument[words.Length];
        byte[] text = GC.AllocateArray<byte>(string.Concat(words).Length + 1, pinned: true);
        s_keep.Add(text);
        int start = 0;
        for (int i = 0; i < words.Length; i++)
        {
            int length = Encoding.Latin1.GetBytes(words[i], 0, words[i].Length, text, start);
            arguments[i] = new Argument((ulong)Marshal.UnsafeAddrOfPinnedArrayElement(text, start), length);
            start += length;
        }
        return arguments;
    }

    private static readonly System.Collections.Concurrent.ConcurrentBag<byte[]> s_keep = [];
}
