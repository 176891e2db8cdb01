namespace Bixbite.Wire.Recipes;

/// <summary>Lets some requests in and refuses the others.</summary>
internal interface ILimiter
{
    Task<bool> TryEnter(string subject);
}
