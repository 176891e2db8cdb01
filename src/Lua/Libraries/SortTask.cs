using System.Runtime.CompilerServices;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>
/// <c>table.sort</c>: quicksort with the median of three, which asks for the same comparisons in the same order as Lua 5.1 does, because a
/// script can tell by its order function. Each comparison leads to the next one, so that the sort can stand still between any two while
/// the machine calls the order function or a metamethod. Parts that are still to be sorted are on a list; the smaller one of two comes
/// first, so the list stays short.
/// </summary>
internal sealed class SortTask : HostTask
{
    private const int ComparisonsPerCheck = 256;

    private readonly LuaTable _table;
    private readonly LuaValue _order;
    private HeldValues _held;
    private readonly Stack<(int Low, int High)> _parts = new();
    private Stage _stage = Stage.NextPart;
    private int _low;
    private int _high;
    private int _left;
    private int _right;
    private bool _isAsking;
    private bool _isLess;
    private int _comparisons;

    public SortTask(LuaTable table, LuaValue order)
    {
        _table = table;
        _order = order;
        _held[0] = table;
        _held[1] = order;
        _parts.Push((1, table.Length));
    }

    /// <summary>The comparison whose result is awaited.</summary>
    private enum Stage
    {
        NextPart,

        /// <summary>Last and first element.</summary>
        Ends,

        /// <summary>Middle and first element.</summary>
        MiddleAndFirst,

        /// <summary>Last and middle element.</summary>
        LastAndMiddle,

        /// <summary>An element from the left, and the pivot.</summary>
        FromLeft,

        /// <summary>The pivot, and an element from the right.</summary>
        FromRight,

        Done,
    }

    public override ReadOnlySpan<LuaValue> Held => _held;

    private ref LuaValue First => ref _held[2];

    private ref LuaValue Second => ref _held[3];

    private ref LuaValue Pivot => ref _held[4];

    /// <summary>The element from the left that belongs to the right.</summary>
    private ref LuaValue Misplaced => ref _held[5];

    private int Middle => (int)(((long)_low + _high) / 2);

    public override HostStep Resume(in HostCall call)
    {
        bool isLess = _isAsking ? call[0].IsTruthy : _isLess;
        _isAsking = false;
        while (true)
        {
            GoOn(call, isLess);
            if (_stage == Stage.FromLeft && _order.IsNil && Pivot.IsNumber)
            {
                DivideNumbers();
            }
            if (_stage == Stage.Done)
            {
                call.Spend(_comparisons);
                return call.Return();
            }
            if (!_order.IsNil || !call.Machine.TryLess(First, Second, out isLess))
            {
                _isAsking = true;
                return call.Call(_order.IsNil ? call.Machine.LessHandler(First, Second) : _order, First, Second, this);
            }
            if (++_comparisons >= ComparisonsPerCheck)
            {
                int comparisons = _comparisons;
                _comparisons = 0;
                if (!call.Spend(comparisons))
                {
                    _isLess = isLess;
                    return call.Pause(this);
                }
            }
        }
    }

    /// <summary>Takes the result of a comparison, and asks for the next one.</summary>
    private void GoOn(in HostCall call, bool isLess)
    {
        switch (_stage)
        {
            case Stage.NextPart:
                BeginPart();
                break;
            case Stage.Ends:
                SwapIf(isLess, _low, _high);
                if (_high - _low == 1)
                {
                    BeginPart();
                }
                else
                {
                    Ask(Stage.MiddleAndFirst, _table.Get(Middle), _table.Get(_low));
                }
                break;
            case Stage.MiddleAndFirst when !isLess:
                Ask(Stage.LastAndMiddle, _table.Get(_high), _table.Get(Middle));
                break;
            case Stage.MiddleAndFirst:
                SwapIf(isLess, _low, Middle);
                BeginDivision();
                break;
            case Stage.LastAndMiddle:
                SwapIf(isLess, Middle, _high);
                BeginDivision();
                break;
            case Stage.FromLeft:
                GoOnFromLeft(call, isLess);
                break;
            case Stage.FromRight:
                GoOnFromRight(call, isLess);
                break;
        }
    }

    private void BeginPart()
    {
        while (_parts.TryPop(out (int Low, int High) part))
        {
            (_low, _high) = part;
            if (_low < _high)
            {
                Ask(Stage.Ends, _table.Get(_high), _table.Get(_low));
                return;
            }
        }
        _stage = Stage.Done;
    }

    /// <summary>The pivot waits at the last place but one.</summary>
    private void BeginDivision()
    {
        if (_high - _low == 2)
        {
            BeginPart();
            return;
        }
        LuaValue.Copy(ref Pivot, _table.Get(Middle));
        _table.Set(Middle, _table.Get(_high - 1));
        _table.Set(_high - 1, Pivot);
        (_left, _right) = (_low, _high - 1);
        Ask(Stage.FromLeft, _table.Get(++_left), Pivot);
    }

    private void GoOnFromLeft(in HostCall call, bool isLess)
    {
        if (!isLess)
        {
            LuaValue.Copy(ref Misplaced, First);
            Ask(Stage.FromRight, Pivot, _table.Get(--_right));
            return;
        }
        if (_left > _high)
        {
            throw InvalidOrder(call);
        }
        Ask(Stage.FromLeft, _table.Get(++_left), Pivot);
    }

    private void GoOnFromRight(in HostCall call, bool isLess)
    {
        if (isLess)
        {
            if (_right < _low)
            {
                throw InvalidOrder(call);
            }
            Ask(Stage.FromRight, Pivot, _table.Get(--_right));
        }
        else if (_right < _left)
        {
            EndDivision();
        }
        else
        {
            _table.Set(_left, Second);
            _table.Set(_right, Misplaced);
            Ask(Stage.FromLeft, _table.Get(++_left), Pivot);
        }
    }

    private void EndDivision()
    {
        LuaValue last = _table.Get(_high - 1);
        _table.Set(_high - 1, _table.Get(_left));
        _table.Set(_left, last);
        (int, int) below = (_low, _left - 1);
        (int, int) above = (_left + 1, _high);
        bool isBelowSmaller = _left - _low < _high - _left;
        _parts.Push(isBelowSmaller ? above : below);
        _parts.Push(isBelowSmaller ? below : above);
        BeginPart();
    }

    private void Ask(Stage stage, in LuaValue first, in LuaValue second)
    {
        _stage = stage;
        LuaValue.Copy(ref First, first);
        LuaValue.Copy(ref Second, second);
    }

    /// <summary>
    /// Goes on with a division as long as it meets numbers of the array part: the same comparisons in the same order. What comes then is
    /// asked for as usual.
    /// </summary>
    private void DivideNumbers()
    {
        Span<LuaValue> array = _table.ArrayPart;
        double pivot = Pivot.Number;
        int end = _comparisons + ComparisonsPerCheck;
        while (_comparisons < end)
        {
            while (_left <= _high && IsNumber(array, _left) && array[_left - 1].Number < pivot && _comparisons < end)
            {
                _left++;
                _comparisons++;
            }
            if (_left > _high || !IsNumber(array, _left) || array[_left - 1].Number < pivot)
            {
                break;
            }
            int right = _right - 1;
            while (right >= _low && IsNumber(array, right) && pivot < array[right - 1].Number && _comparisons < end)
            {
                right--;
                _comparisons++;
            }
            _comparisons++;
            _right = right;
            if (right < _left || !IsNumber(array, right) || pivot < array[right - 1].Number)
            {
                LuaValue.Copy(ref Misplaced, array[_left - 1]);
                Ask(Stage.FromRight, Pivot, _table.Get(right));
                return;
            }
            double misplaced = array[_left - 1].Number;
            array[_left - 1] = array[right - 1].Number;
            array[right - 1] = misplaced;
            _left++;
        }
        Ask(Stage.FromLeft, _table.Get(_left), Pivot);
    }

    /// <summary>The first one that was compared goes to the lower place.</summary>
    private void SwapIf(bool isLess, int lower, int upper)
    {
        if (isLess)
        {
            _table.Set(lower, First);
            _table.Set(upper, Second);
        }
    }

    private static bool IsNumber(ReadOnlySpan<LuaValue> array, int at) => (uint)(at - 1) < (uint)array.Length && array[at - 1].IsNumber;

    private static LuaException InvalidOrder(in HostCall call) => call.Error("invalid order function for sorting");

    /// <summary>The table, the order function, the two that are compared, the pivot and the misplaced element.</summary>
    [InlineArray(6)]
    private struct HeldValues
    {
        private LuaValue _first;
    }
}
