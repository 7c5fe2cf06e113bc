package dev.kafkacloudberry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The messages in the sources: the texts of exceptions, warnings of the log, what the scheduler
 * prints of problems. What differs from time to time is "…".
 */
final class UserMessages extends TreeScanner<Void, Void> {

  static final String VARIABLE = "…";

  private static final Pattern EXCEPTION = Pattern.compile("\\w*(Exception|Failure)");

  /** Calls that make an exception of their text, or show it. */
  private static final Pattern CALL =
      Pattern.compile(
          "\\w*(Exception|Failure)\\.\\w+|LOG\\.(warn|error)|messages\\.(problem|say)|problems\\.add");

  /** Calls whose texts tell of no problem. */
  private static final Pattern NO_PROBLEM =
      Pattern.compile(
          ".*\\.(withDescription|text|info|debug|progress|print(f|ln)?|compile|replaceAll|replaceFirst)");

  private static final Pattern SQL =
      Pattern.compile(
          "(SELECT|INSERT|DELETE|COPY|SET|SHOW|LOCK|ROLLBACK|RELEASE|WITH|CREATE) .*|.* ORDER BY .*");

  /** Of String.formatted and of the logger. */
  private static final Pattern PLACEHOLDER = Pattern.compile("%(?:\\d\\$)?[,.\\d]*[sdfx]|\\{}");

  private static final Pattern WORD = Pattern.compile("[A-Za-z]{2}");
  private static final Pattern WORDS = Pattern.compile("[A-Za-z'].* .*[A-Za-z']");
  private static final int WORDS_OF_A_SENTENCE = 5;
  private static final int DEEPEST = 6;

  private final Map<String, List<ExpressionTree>> values = new HashMap<>();
  private final Set<Tree> seen = new HashSet<>();
  private final TreeSet<String> found = new TreeSet<>();
  private boolean isException;
  private int depth;

  private UserMessages() {}

  /** Of all files below a folder. */
  static TreeSet<String> of(Path sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    TreeSet<String> messages = new TreeSet<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8);
        Stream<Path> all = Files.walk(sources)) {
      List<Path> java = all.filter(file -> file.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(java));
      for (CompilationUnitTree file : task.parse()) {
        UserMessages scanner = new UserMessages();
        file.accept(scanner.new Values(), null);
        file.accept(scanner, null);
        file.accept(scanner.new Sentences(), null);
        messages.addAll(scanner.found);
      }
    }
    return messages;
  }

  @Override
  public Void visitNewClass(NewClassTree created, Void none) {
    if (EXCEPTION.matcher(created.getIdentifier().toString()).matches()) {
      addAll(created.getArguments());
    }
    return super.visitNewClass(created, none);
  }

  @Override
  public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
    String method = call.getMethodSelect().toString();
    if (CALL.matcher(method).matches() || method.equals("super") && isException) {
      addAll(call.getArguments());
    }
    return super.visitMethodInvocation(call, none);
  }

  @Override
  public Void visitClass(ClassTree type, Void none) {
    boolean outer = isException;
    isException = EXCEPTION.matcher(type.getSimpleName()).matches();
    super.visitClass(type, none);
    isException = outer;
    return null;
  }

  private void addAll(List<? extends ExpressionTree> arguments) {
    for (ExpressionTree argument : arguments) {
      texts(argument).stream()
          .map(UserMessages::normalised)
          .filter(text -> text.contains(" ") && WORD.matcher(text).find())
          .forEach(found::add);
    }
  }

  static String normalised(String text) {
    return PLACEHOLDER
        .matcher(text.replace("%n", " "))
        .replaceAll(VARIABLE)
        .replace("%%", "%")
        .replaceAll("\\s+", " ")
        .replaceAll("…(\\s*…)+", VARIABLE)
        .strip();
  }

  /** What the text may be: several, where it has alternatives. */
  private List<String> texts(Tree expression) {
    seen.add(expression);
    if (expression instanceof LiteralTree literal) {
      return literal.getValue() instanceof String text ? List.of(text) : List.of(VARIABLE);
    } else if (expression instanceof ParenthesizedTree inner) {
      return texts(inner.getExpression());
    } else if (expression instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
      return texts(sum.getLeftOperand()).stream()
          .flatMap(left -> texts(sum.getRightOperand()).stream().map(right -> left + right))
          .toList();
    } else if (expression instanceof ConditionalExpressionTree choice) {
      return Stream.of(choice.getTrueExpression(), choice.getFalseExpression())
          .flatMap(text -> texts(text).stream())
          .toList();
    } else if (expression instanceof IdentifierTree name) {
      return valuesOf(name.getName().toString());
    } else if (expression instanceof MethodInvocationTree call) {
      return call.getMethodSelect() instanceof MemberSelectTree method
              && method.getIdentifier().contentEquals("formatted")
          ? texts(method.getExpression())
          : call.getMethodSelect() instanceof IdentifierTree own
              ? valuesOf(own.getName() + "()")
              : List.of(VARIABLE);
    }
    return List.of(VARIABLE);
  }

  /** Of a variable, or a method, of the same file that is always the same text. */
  private List<String> valuesOf(String name) {
    List<ExpressionTree> known = values.getOrDefault(name, List.of());
    if (known.isEmpty() || depth == DEEPEST) {
      return List.of(VARIABLE);
    }
    depth++;
    List<String> texts = known.stream().flatMap(value -> texts(value).stream()).toList();
    depth--;
    return texts;
  }

  /** Whatever else is a sentence is taken for a message too, since it may become a part of one. */
  private final class Sentences extends TreeScanner<Void, Void> {

    @Override
    public Void scan(Tree tree, Void none) {
      boolean isText =
          tree instanceof LiteralTree
              || tree instanceof BinaryTree
              || tree instanceof MethodInvocationTree;
      if (isText && !seen.contains(tree)) {
        texts(tree).stream()
            .map(UserMessages::normalised)
            .filter(text -> text.split(" ").length >= WORDS_OF_A_SENTENCE)
            .filter(text -> WORDS.matcher(text).find() && !SQL.matcher(text).matches())
            .forEach(found::add);
      }
      return super.scan(tree, none);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
      return NO_PROBLEM.matcher(call.getMethodSelect().toString()).matches()
          ? scan(call.getMethodSelect(), none)
          : super.visitMethodInvocation(call, none);
    }

    @Override
    public Void visitAnnotation(AnnotationTree annotation, Void none) {
      return null;
    }
  }

  /** The values of variables and what methods return, by name. */
  private final class Values extends TreeScanner<Void, Void> {

    private String method = "";

    @Override
    public Void visitVariable(VariableTree variable, Void none) {
      if (variable.getInitializer() != null) {
        add(variable.getName().toString(), variable.getInitializer());
      }
      return super.visitVariable(variable, none);
    }

    @Override
    public Void visitMethod(MethodTree declared, Void none) {
      method = declared.getName() + "()";
      return super.visitMethod(declared, none);
    }

    @Override
    public Void visitReturn(ReturnTree end, Void none) {
      if (end.getExpression() != null) {
        add(method, end.getExpression());
      }
      return super.visitReturn(end, none);
    }

    private void add(String name, ExpressionTree value) {
      values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
  }
}
