using System.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Sessions;

/// <summary>Appends the value of a field, or nothing. <paramref name="nowMs"/> is monotonic.</summary>
public delegate void ClientFieldValue(ref LineBuilder line, Session session, long nowMs);

/// <summary>
/// A session as one line of CLIENT LIST: fields separated by spaces, in Redis' order whoever adds them; a field that Redis does not have
/// comes after all others. So do the letters of the flags.
/// </summary>
public sealed class ClientText
{
    /// <summary>Room for a line whose names are short.</summary>
    public const int UsualSize = 1024;

    private static readonly string[] s_fieldOrder =
    [
        "id", "addr", "laddr", "fd", "name", "age", "idle", "flags", "db", "sub", "psub", "ssub", "multi", "watch", "qbuf", "qbuf-free",
        "argv-mem", "multi-mem", "rbs", "rbp", "obl", "oll", "omem", "tot-mem", "events", "cmd", "user", "redir", "resp", "lib-name",
        "lib-ver", "tot-net-in", "tot-net-out", "tot-cmds",
    ];

    private static readonly string[] s_letterOrder = ["O", "S", "M", "P", "x", "b", "t", "R", "B", "d", "c", "A", "U", "r", "e", "T"];

    private readonly List<Field> _fields = [];
    private readonly List<Letter> _letters = [];

    public ClientText()
    {
        SessionFields.AddTo(this);
        Add("flags", AppendFlags);
    }

    public void Add(string name, ClientFieldValue value) =>
        Insert(_fields, new Field(Place(s_fieldOrder, name), Encoding.ASCII.GetBytes(name + "="), value));

    public void Add(string name, Func<Session, long> value) =>
        Add(name, (ref line, session, _) => line.Append(value(session)));

    /// <summary>A letter of the flags, there while something is so.</summary>
    public void AddFlag(char letter, Func<Session, bool> isSet) =>
        Insert(_letters, new Letter(Place(s_letterOrder, letter.ToString()), (byte)letter, isSet));

    /// <summary>Appends the line, without a line end. <paramref name="nowMs"/> is monotonic.</summary>
    public void Append(ref LineBuilder line, Session session, long nowMs)
    {
        for (int i = 0; i < _fields.Count; i++)
        {
            if (i > 0)
            {
                line.Append((byte)' ');
            }
            line.Append(_fields[i].Name);
            _fields[i].Value(ref line, session, nowMs);
        }
    }

    /// <summary>The line for the server's own log.</summary>
    public string Of(Session session, long nowMs)
    {
        var line = new LineBuilder(stackalloc byte[UsualSize]);
        Append(ref line, session, nowMs);
        string text = Encoding.Latin1.GetString(line.Written);
        line.Dispose();
        return text;
    }

    private void AppendFlags(ref LineBuilder line, Session session, long nowMs)
    {
        int start = line.Length;
        foreach (Letter letter in _letters)
        {
            if (letter.IsSet(session))
            {
                line.Append(letter.Text);
            }
        }
        if (line.Length == start)
        {
            line.Append((byte)'N');
        }
    }

    private static int Place(string[] order, string name)
    {
        int place = Array.IndexOf(order, name);
        return place < 0 ? order.Length : place;
    }

    /// <summary>Those of one place stay in the order in which they were added.</summary>
    private static void Insert<T>(List<T> entries, T entry)
        where T : Entry
    {
        int index = entries.Count;
        while (index > 0 && entries[index - 1].Place > entry.Place)
        {
            index--;
        }
        entries.Insert(index, entry);
    }

    // Classes: lists of structs of ours have code of their own, which takes time where a process starts its first server.
    private abstract record Entry(int Place);

    private sealed record Field(int Place, byte[] Name, ClientFieldValue Value) : Entry(Place);

    private sealed record Letter(int Place, byte Text, Func<Session, bool> IsSet) : Entry(Place);
}
