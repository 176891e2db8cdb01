namespace Bixbite.Wire.AccessControl;

/// <summary>A way around a password or a rule, as a <see cref="Scene"/> in which it leads nowhere.</summary>
internal sealed record BypassScene(string Name, string Text, params string[] Options);
