using Bixbite.Engine.Commands;

namespace Bixbite.AccessControl.Rules;

/// <summary>The uses of keys that a rule permits.</summary>
[Flags]
public enum KeyPermissions
{
    None = 0,

    /// <summary>Values may be returned, copied or compared.</summary>
    Read = 1,

    /// <summary>They may be changed, added to or deleted.</summary>
    Write = 2,

    All = Read | Write,
}

/// <summary>The permissions that key specs ask for.</summary>
internal static class KeyNeeds
{
    private const KeySpecFlags Changing = KeySpecFlags.Insert | KeySpecFlags.Delete | KeySpecFlags.Update;

    /// <summary>
    /// The permissions that a use of a key needs. Who only looks whether there is a key, or how large it is, needs none: it is enough that
    /// any rule names the key.
    /// </summary>
    public static KeyPermissions Of(KeySpecFlags flags) =>
        ((flags & KeySpecFlags.Access) != 0 ? KeyPermissions.Read : KeyPermissions.None)
        | ((flags & Changing) != 0 ? KeyPermissions.Write : KeyPermissions.None);
}
