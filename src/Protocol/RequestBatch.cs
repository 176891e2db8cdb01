using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Protocol;

/// <summary>
/// The whole requests of one round, of all connections of a loop, one after the other.
///
///   requests   [ first=0 count=3 end=33 | first=3 count=2 end=57 | ... ]
///   arguments  [ SET | key | value      | GET | key              | ... ]   each an address and a length into the connection's input
///   scratch    blocks of the loop's heap: text of inline arguments whose quotes had to be resolved
///   loose      blocks of single large arguments, lent by the input; of copies the batch's own
///
/// The arrays are reused from round to round, so that a round allocates nothing; a giant request is forgotten by the next Clear.
/// </summary>
public sealed class RequestBatch : IDisposable
{
    private const int ArgumentCountKept = 16 * 1024;
    private const int RequestCountKept = 8 * 1024;

    private readonly Heap _heap;
    private readonly List<ulong> _scratch = [];
    private readonly List<LooseBlock> _loose = [];
    private readonly List<LooseBlock> _ownLoose = [];
    private Argument[] _arguments;
    private Request[] _requests;
    private int _argumentCount;
    private int _requestCount;

    /// <param name="heap">Pays for the batch's own text, as that of quoted inline arguments: the loop's own heap.</param>
    /// <param name="argumentCapacity">For so many arguments there is room at first.</param>
    /// <param name="requestCapacity">For so many requests.</param>
    public RequestBatch(Heap heap, int argumentCapacity = 256, int requestCapacity = 64)
    {
        _heap = heap;
        _arguments = new Argument[argumentCapacity];
        _requests = new Request[requestCapacity];
    }

    /// <summary>Count of whole requests.</summary>
    public int Count => _requestCount;

    /// <summary>Count of arguments of all requests together.</summary>
    public int ArgumentCount => _argumentCount;

    public ReadOnlySpan<Request> Requests => new(_requests, 0, _requestCount);

    /// <summary>The request at an index; the reference is good until the next request is added.</summary>
    public ref readonly Request this[int index]
    {
        get
        {
            Debug.Assert((uint)index < (uint)_requestCount);
            return ref _requests[index];
        }
    }

    /// <summary>The arguments of the request at an index, the command's name first.</summary>
    public ReadOnlySpan<Argument> Arguments(int index)
    {
        ref readonly Request request = ref this[index];
        return new ReadOnlySpan<Argument>(_arguments, request.FirstArgument, request.ArgumentCount);
    }

    /// <summary>
    /// The bytes of the request at an index are no more than this; <see cref="long.MaxValue"/> where only summing them up can tell.
    /// </summary>
    public long SizeBound(int index)
    {
        int end = this[index].EndOffset;
        return end > 0 && _loose.Count == 0 ? end : long.MaxValue;
    }

    /// <summary>An argument by its index among all of the batch.</summary>
    public ref readonly Argument ArgumentAt(int index)
    {
        Debug.Assert((uint)index < (uint)_argumentCount);
        return ref _arguments[index];
    }

    /// <summary>Adds a request whose arguments lie elsewhere, with no end in any input.</summary>
    public void Add(ReadOnlySpan<Argument> arguments)
    {
        arguments.CopyTo(Reserve(arguments.Length));
        Add(arguments.Length, endOffset: 0);
    }

    /// <summary>
    /// Adds a copy of a request of another batch: its bytes are this batch's own until the next Clear. What lies in a block of its own is
    /// not copied but taken.
    /// </summary>
    public void AddCopy(RequestBatch source, ReadOnlySpan<Argument> arguments)
    {
        long size = 0;
        foreach (ref readonly Argument argument in arguments)
        {
            size += source.LooseBlockOf(argument) is null ? argument.Length : 0;
        }
        ulong address = _heap.Allocate(Math.Max(size, 1));
        _scratch.Add(address);
        Span<Argument> copies = Reserve(arguments.Length);
        for (int i = 0; i < arguments.Length; i++)
        {
            if (source.LooseBlockOf(arguments[i]) is { } block)
            {
                copies[i] = Lend(block.MoveTo(_heap));
                _ownLoose.Add(_loose[^1]);
                continue;
            }
            ReadOnlySpan<byte> bytes = arguments[i].Bytes;
            bytes.CopyTo(Native.Bytes(address, bytes.Length));
            copies[i] = new Argument(address, bytes.Length);
            address += (uint)bytes.Length;
        }
        Add(arguments.Length, endOffset: 0);
    }

    /// <summary>The block of an argument that lies in one of its own; null for others, and if somebody has taken it.</summary>
    public LooseBlock? LooseBlockOf(in Argument argument)
    {
        if (!argument.IsLoose)
        {
            return null;
        }
        foreach (LooseBlock block in _loose)
        {
            if (block.Address == argument.Address && !block.IsGone)
            {
                return block;
            }
        }
        return null;
    }

    /// <summary>Forgets all requests; their arguments and scratch text are void from here on.</summary>
    public void Clear()
    {
        _requestCount = 0;
        _argumentCount = 0;
        if (_arguments.Length > ArgumentCountKept)
        {
            _arguments = new Argument[ArgumentCountKept];
        }
        if (_requests.Length > RequestCountKept)
        {
            _requests = new Request[RequestCountKept];
        }
        if (_scratch.Count != 0)
        {
            FreeScratch();
        }
        if (_loose.Count != 0)
        {
            ForgetLoose();
        }
    }

    public void Dispose() => Clear();

    /// <summary>Writable room for the arguments of a request about to be added; nothing counts until <see cref="Add(int, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<Argument> Reserve(int argumentCount)
    {
        Debug.Assert(argumentCount > 0);
        if (_arguments.Length - _argumentCount < argumentCount)
        {
            GrowArguments(argumentCount);
        }
        return new Span<Argument>(_arguments, _argumentCount, argumentCount);
    }

    /// <summary>Turns the first arguments of the reserved room into a request.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int argumentCount, int endOffset = 0)
    {
        Debug.Assert(argumentCount > 0 && argumentCount <= _arguments.Length - _argumentCount);
        int index = _requestCount;
        Request[] requests = _requests;
        if ((uint)index >= (uint)requests.Length)
        {
            requests = GrowRequests();
        }
        requests[index] = new Request(_argumentCount, argumentCount, endOffset);
        _requestCount = index + 1;
        _argumentCount += argumentCount;
    }

    /// <summary>An argument that lies in a block of its own, which must outlive its place here.</summary>
    internal Argument Lend(LooseBlock block)
    {
        _loose.Add(block);
        return new Argument(block.Address, block.Length, isLoose: true);
    }

    /// <summary>Memory of the batch's own, freed by <see cref="Clear"/>.</summary>
    internal ulong AllocateScratch(int size)
    {
        ulong address = _heap.Allocate(Math.Max(size, 1));
        _scratch.Add(address);
        return address;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowArguments(int argumentCount)
    {
        int wanted = checked(_argumentCount + argumentCount);
        Array.Resize(ref _arguments, (int)Math.Min(Math.Max((long)_arguments.Length * 2, wanted), Array.MaxLength));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Request[] GrowRequests()
    {
        Array.Resize(ref _requests, _requests.Length * 2);
        return _requests;
    }

    private void FreeScratch()
    {
        foreach (ulong address in _scratch)
        {
            _heap.Free(address);
        }
        _scratch.Clear();
    }

    private void ForgetLoose()
    {
        foreach (LooseBlock block in _ownLoose)
        {
            block.Free();
        }
        _ownLoose.Clear();
        _loose.Clear();
    }
}
