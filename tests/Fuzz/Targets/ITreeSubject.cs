namespace Bixbite.Fuzz.Targets;

/// <summary>A counted tree beside a list of what it should hold. A place is a fraction of the count, in 65,536ths.</summary>
internal interface ITreeSubject
{
    int Count { get; }

    void Add(int place);

    void AddLast();

    void Remove(int place);

    void RemoveRange(int place, int count);

    /// <summary>Moves an element, or changes a weight.</summary>
    void Change(int place);

    void Verify();

    void Release();
}
