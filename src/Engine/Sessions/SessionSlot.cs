namespace Bixbite.Engine.Sessions;

/// <summary>
/// A place in every session for what one capability keeps of its client, which nobody else sees. A session that nothing is kept of has no
/// places at all; what must be known of every request is a flag of the session besides (<see cref="SessionFlags"/>).
/// </summary>
/// <param name="index">The number of the place, which no other slot of the server has: <see cref="SessionParts.Slot{T}"/>.</param>
public readonly struct SessionSlot<T>(int index)
    where T : class
{
    /// <summary>The value kept for the client; null where there is none.</summary>
    public T? Of(Session session)
    {
        object?[] slots = session.Slots;
        return (uint)index < (uint)slots.Length ? (T?)slots[index] : null;
    }

    /// <summary>Keeps something of the client from now on, or nothing.</summary>
    public void Put(Session session, T? value)
    {
        object?[] slots = session.Slots;
        if (index >= slots.Length)
        {
            if (value is null)
            {
                return;
            }
            Array.Resize(ref slots, index + 1);
            session.Slots = slots;
        }
        slots[index] = value;
    }
}
