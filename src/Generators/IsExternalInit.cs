namespace System.Runtime.CompilerServices;

/// <summary>The compiler asks for this type where records are used; the generator's target framework does not have it.</summary>
internal static class IsExternalInit;
