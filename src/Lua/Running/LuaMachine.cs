using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Compiling;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>The function returned; the results are there.</summary>
    Finished,

    /// <summary>An error ended it; its value is there.</summary>
    Failed,

    /// <summary>The budget is used up, or a host function paused; the next run goes on at that instruction.</summary>
    Suspended,
}

/// <summary>Takes a line of a script's output.</summary>
public delegate void LuaOutput(ReadOnlySpan<byte> line);

/// <summary>
/// Runs Lua, one function at a time, in slices. All state of a script is in here and on the heap: a call, a metamethod or a coroutine
/// is a frame of the machine's, never one of the process' stack. Not for several threads at once; any thread may go on.
/// </summary>
public sealed class LuaMachine
{
    /// <summary>Values that a measurement looks at before it looks at the budget.</summary>
    private const int MeasurementStep = 4096;

    /// <summary>An error that comes as an exception takes as long as so many instructions.</summary>
    private const int ErrorWork = 500;

    private readonly LuaTable?[] _typeMetatables = new LuaTable?[(int)LuaType.Thread + 1];
    private readonly Reachability _reachability;
    private readonly LuaString[] _typeNames;

    public LuaMachine()
    {
        _reachability = new Reachability(this);
        Memory = new LuaMemory(_reachability.Measure);
        Strings = new StringPool(Memory);
        Events = new EventNames(Strings);
        _typeNames = [.. Enum.GetValues<LuaType>().Select(type => Strings.Get(LuaValue.NameOf(type)))];
        Globals = Memory.NewTable();
        Main = new LuaThread(this, Globals) { Status = ThreadStatus.Running };
        Current = Main;
    }

    /// <summary>The bytes that scripts hold.</summary>
    public LuaMemory Memory { get; }

    /// <summary>Names that are used as keys.</summary>
    public StringPool Strings { get; }

    public LuaTable Globals { get; }

    /// <summary>The metatable that all strings have.</summary>
    public LuaTable? StringMetatable
    {
        get => _typeMetatables[(int)LuaType.String];
        set => _typeMetatables[(int)LuaType.String] = value;
    }

    /// <summary>Instructions that may still be done in this run; negative once it must end.</summary>
    public long Fuel
    {
        get => Memory.Fuel;
        internal set => Memory.Fuel = value;
    }

    /// <summary>Instructions done since the machine was made.</summary>
    public long InstructionCount { get; private set; }

    /// <summary>The value of the error that ended the last run.</summary>
    public LuaValue Error { get; private set; } = LuaValue.Nil;

    /// <summary>The chunk of the function that raised it, or that called the host function that did; null if it was no Lua.</summary>
    public LuaString? ErrorSource { get; private set; }

    /// <summary>The line in that chunk; -1 if there is none.</summary>
    public int ErrorLine { get; private set; } = -1;

    /// <summary>The results of the last run.</summary>
    public ReadOnlySpan<LuaValue> Results => Main.Stack.AsSpan(0, Main.Top);

    /// <summary>Objects that the host keeps and that count as reachable.</summary>
    public IList<LuaValue> Roots { get; } = [];

    /// <summary>No source that is compiled may be longer, in bytes: compiling is one step, whatever its size.</summary>
    public int SourceSizeMax { get; set; } = int.MaxValue;

    /// <summary>Where <c>print</c> writes; it does not exist without.</summary>
    public LuaOutput? Output { get; set; }

    /// <summary>Follows lines; null where nobody does.</summary>
    public LineTracer? Tracer { get; internal set; }

    internal EventNames Events { get; }

    /// <summary>A table may be weak: something is to be seen of a measurement.</summary>
    internal bool HasWeakTables { get; set; }

    /// <summary>Iterators that the machine runs itself.</summary>
    internal HostFunction? NextFunction { get; set; }

    internal HostFunction? ElementFunction { get; set; }

    internal LuaThread Main { get; private set; }

    internal LuaThread Current { get; set; }

    /// <summary>The results that a host function's last step left below the top of the stack.</summary>
    internal HostOutcome Outcome { get; } = new();

    internal ReadOnlySpan<LuaTable?> TypeMetatables => _typeMetatables;

    /// <summary>Compiles a chunk.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="name">"@name" is shown as the name, "=name" too, anything else as a source.</param>
    /// <exception cref="LuaException">It is no Lua, or too long.</exception>
    public LuaFunction Load(byte[] source, LuaString name) => Load(source, name, Globals);

    /// <summary>Sets a field of a table to a host function, and names the function for messages.</summary>
    public void Register(LuaTable into, string name, HostBody body) => into.Set(Strings.Get(name), new HostFunction(name, body));

    /// <summary>
    /// The same with a function that calls its first argument with the others, as <c>pcall</c> does, and then goes on in a task, which
    /// holds nothing, with the results or the error. The body is asked only where there is no argument.
    /// </summary>
    public void RegisterProtectedCall(LuaTable into, string name, HostBody body, HostTask then) =>
        Register(into, new HostFunction(name, body) { Kind = HostKind.Protected, Then = then });

    /// <summary>The same with a function that is known by more than its body.</summary>
    internal void Register(LuaTable into, HostFunction function) => into.Set(Strings.Get(function.Name), function);

    /// <summary>Begins a call, which runs run on. What was running before is dropped.</summary>
    public void Start(LuaFunction function, params ReadOnlySpan<LuaValue> arguments)
    {
        Stop();
        Main.Ensure(arguments.Length + 1);
        Main.Stack[0] = function;
        arguments.CopyTo(Main.Stack.AsSpan(1));
        Main.Top = arguments.Length + 1;
        Outcome.Pending = PendingStep.Call;
        Outcome.PendingFunction = 0;
    }

    /// <summary>Drops what is running.</summary>
    public void Stop()
    {
        for (LuaThread? thread = Current; thread is not null && thread != Main; thread = thread.Resumer)
        {
            thread.Status = ThreadStatus.Dead;
            thread.CloseFrom(0);
            thread.Unwind(0);
        }
        Current = Main;
        Main.CloseFrom(0);
        Main.Unwind(0);
        Main.Top = 0;
        Main.Shrink();
        Outcome.Clear();
        Error = LuaValue.Nil;
        ErrorSource = null;
        ErrorLine = -1;
    }

    /// <summary>Goes on until the function has ended or so many instructions are done.</summary>
    public RunStatus Run(long fuel)
    {
        Fuel = fuel;
        try
        {
            while (true)
            {
                try
                {
                    return RunProtected();
                }
                catch (LuaException error)
                {
                    Fuel -= ErrorWork;
                    Unwinding.Raise(this, error);
                }
                catch (OutOfMemoryException)
                {
                    Unwinding.Raise(this, LuaException.NotEnoughMemory());
                }
            }
        }
        finally
        {
            InstructionCount += fuel - Fuel;
        }
    }

    /// <summary>Ends what runs with an error that nothing in it can catch. Between two runs.</summary>
    public void Abort(LuaValue error)
    {
        LuaThread thread = Current;
        CallFrame? frame = null;
        for (int depth = thread.Depth; depth > 0 && frame?.Closure is null; depth--)
        {
            frame = thread.FrameAt(depth);
        }
        Abandon(error, frame);
    }

    /// <summary>The handler of an event, or nil.</summary>
    public LuaValue Metamethod(LuaValue value, LuaString name) => MetatableOf(value)?.Get(name) ?? LuaValue.Nil;

    /// <summary>The metatable of a value of any type.</summary>
    public LuaTable? MetatableOf(LuaValue value) => value.Object switch
    {
        LuaTable table => table.Metatable,
        LuaUserdata userdata => userdata.Metatable,
        _ => _typeMetatables[(int)value.Type],
    };

    /// <summary>Compares where no metamethod must be asked.</summary>
    /// <returns>False if the handler decides.</returns>
    /// <exception cref="LuaException">They cannot be compared.</exception>
    public bool TryLess(LuaValue left, LuaValue right, out bool less)
    {
        if (Comparison.TryLess(left, right, out less))
        {
            Fuel -= left.Object is LuaString text ? text.Length >> Comparison.BytesPerStep : 0;
            return true;
        }
        _ = LessHandler(left, right);
        return false;
    }

    /// <summary>The metamethod that says whether a value is less than another one.</summary>
    /// <exception cref="LuaException">They cannot be compared.</exception>
    public LuaValue LessHandler(LuaValue left, LuaValue right)
    {
        LuaValue handler = Comparison.OrderHandler(this, left, right, MetaEvent.Lt);
        return handler.IsNil ? throw Comparison.OrderError(left, right) : handler;
    }

    /// <summary>The same, with other globals.</summary>
    public LuaFunction Load(byte[] source, LuaString name, LuaTable environment)
    {
        if (source.Length > SourceSizeMax)
        {
            throw new LuaException($"chunk is longer than {SourceSizeMax} bytes");
        }
        Prototype prototype = Compiler.Compile(source, name, Strings);
        Memory.Add(PrototypeBytes(prototype) + LuaClosure.BytesFor(0));
        return new LuaClosure(prototype, [], environment);
    }

    internal LuaValue Metamethod(LuaValue value, MetaEvent name) => Events.Find(MetatableOf(value), name);

    /// <summary>The name of a value's type.</summary>
    internal LuaString TypeNameOf(LuaValue value) => _typeNames[(int)value.Type];

    internal void SetTypeMetatable(LuaType type, LuaTable? metatable) => _typeMetatables[(int)type] = metatable;

    /// <summary>Runs run on other threads from now on.</summary>
    internal void UseThreads(LuaThread main, LuaThread? current = null)
    {
        Main = main;
        Current = current ?? main;
    }

    /// <summary>Ends the run with an error that nobody caught.</summary>
    internal void Abandon(LuaValue error) => Abandon(error, Current.Frame);

    private void Abandon(LuaValue error, CallFrame? frame)
    {
        DebugFacts? debug = frame?.Closure?.Prototype.Debug;
        int pc = frame?.Pc ?? 0;
        Stop();
        Error = error;
        ErrorSource = debug?.Source;
        ErrorLine = debug?.Lines[Math.Max(pc - 1, 0)] ?? -1;
        Outcome.HasFailed = true;
    }

    /// <summary>Begins to measure memory; the machine's functions do nothing else until it is finished.</summary>
    internal void BeginMeasurement() => _reachability.Begin();

    /// <summary>Goes on with the measurement, if none was made meanwhile. False if the budget is used up before the end.</summary>
    internal bool TryFinishMeasurement()
    {
        while (_reachability.IsRunning)
        {
            long work = MeasurementStep;
            if (_reachability.TryFinish(ref work, out long bytes))
            {
                Memory.SetMeasured(bytes);
                return true;
            }
            Fuel -= MeasurementStep - work;
            if (Fuel < 0)
            {
                return false;
            }
        }
        return true;
    }

    private static long PrototypeBytes(Prototype prototype) => prototype.Bytes + prototype.Children.Sum(PrototypeBytes);

    private RunStatus RunProtected()
    {
        while (true)
        {
            LuaThread thread = Current;
            if (Tracer is { IsStopped: true })
            {
                return RunStatus.Suspended;
            }
            if (Memory.IsMeasurementDue && !TryMeasure())
            {
                return RunStatus.Suspended;
            }
            if (Outcome.Pending != PendingStep.None)
            {
                TakePendingStep(thread);
            }
            else if (Outcome.HasFailed)
            {
                return RunStatus.Failed;
            }
            else if (Fuel < 0)
            {
                return RunStatus.Suspended;
            }
            else if (thread.Depth > 0)
            {
                Interpreter.Run(this);
            }
            else if (thread == Main)
            {
                return RunStatus.Finished;
            }
            else
            {
                Coroutines.Finish(this, thread);
            }
        }
    }

    private void TakePendingStep(LuaThread thread)
    {
        PendingStep step = Outcome.Pending;
        Outcome.Pending = PendingStep.None;
        if (step == PendingStep.Call)
        {
            int function = Outcome.PendingFunction;
            Calls.Invoke(this, thread, function, thread.Top - function - 1, function, -1, FinishKind.None);
        }
        else
        {
            Calls.Finish(this, thread, thread.Awaited.ReturnTo, thread.Awaited.Finish);
        }
    }

    /// <summary>Measures memory, in as many runs as it takes. False if the budget is used up before the end.</summary>
    private bool TryMeasure()
    {
        Memory.GiveBackFuel();
        if (!_reachability.IsRunning)
        {
            _reachability.Begin();
        }
        return TryFinishMeasurement();
    }
}
