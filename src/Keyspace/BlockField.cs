using System.Runtime.InteropServices;

namespace Bixbite.Keyspace;

/// <summary>The value area of a string in a block of its own: the record owns that block.</summary>
[StructLayout(LayoutKind.Sequential, Size = Record.BlockFieldSize)]
internal readonly record struct BlockField(ulong Address, long Length);
