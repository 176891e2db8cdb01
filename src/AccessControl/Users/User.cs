namespace Bixbite.AccessControl.Users;

/// <summary>
/// Somebody who may log in. Sessions refer to it as long as it exists; its rules are replaced as a whole, by <see cref="UserTable"/>.
/// </summary>
public sealed class User
{
    private byte[]? _line;

    internal User(byte[] name, UserRules rules)
    {
        Name = name;
        Rules = rules;
    }

    /// <summary>Any bytes but white space and NUL.</summary>
    public byte[] Name { get; }

    public UserRules Rules
    {
        get;
        internal set
        {
            field = value;
            _line = null;
        }
    }

    /// <summary>Who connects is this user at once: no password is needed.</summary>
    public bool IsOpen => Rules is { IsEnabled: true, NeedsNoPassword: true };

    /// <summary>The user as files and ACL LIST have it: <c>user name rule rule ...</c></summary>
    public byte[] Line
    {
        get
        {
            if (_line is null)
            {
                var text = new System.Buffers.ArrayBufferWriter<byte>();
                System.Buffers.BuffersExtensions.Write(text, [.. "user "u8, .. Name, (byte)' ']);
                Rules.AppendTo(text);
                _line = text.WrittenSpan.ToArray();
            }
            return _line;
        }
    }
}
