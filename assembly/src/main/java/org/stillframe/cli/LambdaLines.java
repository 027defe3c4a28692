/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.PrintStream;
import java.lang.invoke.MethodHandleInfo;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Prints a line for each lambda of a class, as {@code -XX:DumpLoadedClassList} of JDK 17 does for
 * those that it meets: the class, the name and descriptor of the call site, and the three arguments
 * of {@link java.lang.invoke.LambdaMetafactory#metafactory}. A JVM that finds a lambda in its
 * archive need not make a class for it.
 */
final class LambdaLines extends ClassVisitor {
  private final PrintStream out;
  private String caller;

  LambdaLines(PrintStream out) {
    super(Opcodes.ASM9);
    this.out = out;
  }

  @Override
  public void visit(
      int version, int access, String name, String signature, String parent, String[] interfaces) {
    caller = name;
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    return new MethodVisitor(Opcodes.ASM9) {
      @Override
      public void visitInvokeDynamicInsn(
          String site, String factory, Handle bootstrap, Object... arguments) {
        // Those that are serializable or have bridges are made in another way, which is not
        // archived.
        if (bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory")
            && bootstrap.getName().equals("metafactory")) {
          proxy(site, factory, arguments);
        }
      }
    };
  }

  private void proxy(String site, String factory, Object[] arguments) {
    Handle body = (Handle) arguments[1];
    out.printf(
        "@lambda-proxy %s %s %s %s REF_%s %s %s %s %s%n",
        caller,
        site,
        factory,
        arguments[0],
        MethodHandleInfo.referenceKindToString(body.getTag()),
        body.getOwner(),
        body.getName(),
        body.getDesc(),
        arguments[2]);
  }
}
