namespace Bixbite.Types;

/// <summary>Frees about so many parts of something; false when nothing is left.</summary>
public delegate bool PartRelease(int countMax);
