using Bixbite.Engine.Sessions;

namespace Bixbite.AccessControl.Users;

/// <summary>A user has other rules, or is no more.</summary>
/// <param name="User">The user, with its rules as they are now.</param>
/// <param name="Before">The rules that it had; null if the user was removed.</param>
/// <param name="Caller">Who asked for it, and is still to be answered; null for the server itself.</param>
public readonly record struct UserChange(User User, UserRules? Before, Session? Caller);
